import { hostPlatform } from '../../src/base/platform.ts';

const name = 'mkbase-host-key';
/** System calls keyctl and add_key (asm/unistd_64.h, asm-generic/unistd.h). */
const numbers = {
  'linux/amd64': { keyctl: 250, addKey: 248 },
  'linux/arm64': { keyctl: 219, addKey: 217 },
} as const;
const { keyctl, addKey } = numbers[hostPlatform().name];

/** A key as people have them in their session keyring. */
export const hostKey = {
  name,
  /** Starts a command with a session keyring of its own (KEYCTL_JOIN_SESSION_KEYRING) that holds it. */
  planting: [
    ...['perl', '-e'],
    `my ($type, $name, $value) = ("user", "${name}", "x"); syscall(${keyctl}, 1, 0); ` +
      `syscall(${addKey}, $type, $name, $value, 1, -3); exec @ARGV`,
  ],
} as const;
