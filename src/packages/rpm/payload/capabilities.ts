import type { ByteString } from '../../../base/byte-string.ts';

/** Names of capabilities by number (capability.h of Linux). */
const names = [
  ...['chown', 'dac_override', 'dac_read_search', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid'],
  ...['setpcap', 'linux_immutable', 'net_bind_service', 'net_broadcast', 'net_admin', 'net_raw'],
  ...['ipc_lock', 'ipc_owner', 'sys_module', 'sys_rawio', 'sys_chroot', 'sys_ptrace', 'sys_pacct'],
  ...['sys_admin', 'sys_boot', 'sys_nice', 'sys_resource', 'sys_time', 'sys_tty_config', 'mknod'],
  ...['lease', 'audit_write', 'audit_control', 'setfcap', 'mac_override', 'mac_admin', 'syslog'],
  ...['wake_alarm', 'block_suspend', 'audit_read', 'perfmon', 'bpf', 'checkpoint_restore'],
];

type Flag = 'e' | 'i' | 'p';

function numbersOf(list: string): number[] {
  if (list === '' || list === 'all') return names.map((_, number) => number);
  return list.split(',').map((name) => {
    const number = names.indexOf(name.toLowerCase().replace(/^cap_/, ''));
    if (number < 0) throw new SyntaxError(`the capability ${JSON.stringify(name)} is not known`);
    return number;
  });
}

/** Applies one clause of cap_from_text(3), such as `cap_net_raw,cap_net_admin=ep` or `all+i`. */
function applyClause(clause: string, sets: Readonly<Record<Flag, Set<number>>>): void {
  const [, list, actions] = /^([A-Za-z0-9_,]*)((?:[=+-][eip]*)+)$/.exec(clause) ?? [];
  if (list === undefined || actions === undefined) {
    throw new SyntaxError(`the capabilities ${JSON.stringify(clause)} cannot be read`);
  }
  const numbers = numbersOf(list);
  for (const [, operator, flags = ''] of actions.matchAll(/([=+-])([eip]*)/g)) {
    if (operator === '=')
      for (const set of Object.values(sets)) for (const each of numbers) set.delete(each);
    for (const flag of flags as Iterable<Flag>) {
      for (const each of numbers) {
        if (operator === '-') sets[flag].delete(each);
        else sets[flag].add(each);
      }
    }
  }
}

function maskOf(numbers: ReadonlySet<number>): bigint {
  let mask = 0n;
  for (const number of numbers) mask |= 1n << BigInt(number);
  return mask;
}

const revision2 = 0x0200_0000;
const effective = 1;

/**
 * Returns the value of `security.capability` for a file's capabilities as text: revision 2, as
 * setcap(8) stores it (capabilities(7)). Throws SyntaxError for a text that is none.
 */
export function capabilityAttribute(text: string): ByteString {
  const sets = { e: new Set<number>(), i: new Set<number>(), p: new Set<number>() };
  for (const clause of text.trim().split(/\s+/)) applyClause(clause, sets);
  const [permitted, inheritable] = [maskOf(sets.p), maskOf(sets.i)];
  const value = Buffer.alloc(20);
  value.writeUInt32LE(revision2 + (sets.e.size > 0 ? effective : 0), 0);
  const low = 0xffff_ffffn;
  value.writeUInt32LE(Number(permitted & low), 4);
  value.writeUInt32LE(Number(inheritable & low), 8);
  value.writeUInt32LE(Number(permitted >> 32n), 12);
  value.writeUInt32LE(Number(inheritable >> 32n), 16);
  return value.toString('latin1');
}
