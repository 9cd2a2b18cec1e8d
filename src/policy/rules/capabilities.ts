import type { ByteString } from '../../base/byte-string.ts';
import { absolute, allowedPaths } from '../allowed-paths.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

const attribute = 'security.capability';

/** Capabilities in the order of their numbers (linux/capability.h). */
const known =
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore'.split(
    ' ',
  );

const nameOf = (number: number): string => `cap_${known[number] ?? number}`;

/**
 * Returns the permitted and inheritable capabilities in a `security.capability` attribute
 * (capabilities(7), "File capability extended attribute versioning"): after a word of flags come pairs of
 * words with 32 bits each, little-endian. An attribute that cannot be read is shown in hexadecimal.
 */
function capabilityNames(value: ByteString): string[] {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 20) return [`capabilities that cannot be read (${bytes.toString('hex')})`];
  const low = bytes.readUInt32LE(4) | bytes.readUInt32LE(8);
  const high = bytes.readUInt32LE(12) | bytes.readUInt32LE(16);
  const bits = [low, high].flatMap((word, half) =>
    Array.from({ length: 32 }, (_, bit) => ((word >>> bit) & 1 ? [half * 32 + bit] : [])).flat(),
  );
  return bits.length === 0 ? ['no capability'] : bits.map(nameOf);
}

/** Finds files with capabilities that the policy does not allow. A recipe cannot give any. */
export function capabilities(
  { allow }: RuleSettings<'capabilities'>,
  { entries }: PolicySubject,
): Violation[] {
  const isAllowed = allowedPaths(allow);
  return entries.flatMap(({ path, xattrs }) => {
    const value = xattrs.find(([name]) => name === attribute)?.[1];
    if (value === undefined || isAllowed(path)) return [];
    return [
      {
        kind: 'path',
        subject: absolute(path),
        message: `${absolute(path)} gives whoever runs it ${capabilityNames(value).join(', ')}.`,
        remedy: 'Leave the file out with "slim", or name it under "allow" with the reason.',
      },
    ];
  });
}
