import { hostPlatform } from '../../src/base/platform.ts';

const name = 'mkbase-host-key';
/** System calls keyctl and add_key (asm/unistd_64.h, asm-generic/unistd.h). */
const numbers = {
  'linux/amd64': { keyctl: 250, addKey: 248 },
  'linux/arm64': { keyctl: 219, addKey: 217 },
} as const;
const { keyctl, addKey } = numbers[hostPlatform().name];

/** Has a process joined to a new session keyring (KEYCTL_JOIN_SESSION_KEYRING), and a key in that. */
const plant = `my ($type, $name, $value) = ("user", "${name}", "x"); syscall(${keyctl}, 1, 0); my $key = syscall(${addKey}, $type, $name, $value, 1, -3);`;

/** A key as people have them in their session keyring. */
export const hostKey = {
  name,
  /** Starts a command with a session keyring of its own that holds it. */
  planting: ['perl', '-e', `${plant} exec @ARGV`],
  /** The same, for a key that only its possessor sees (KEYCTL_SETPERM), not all of the user's processes. */
  plantingUnseen: ['perl', '-e', `${plant} syscall(${keyctl}, 5, $key, 0x3f000000); exec @ARGV`],
} as const;
