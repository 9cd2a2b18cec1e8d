import { readFile } from 'node:fs/promises';
import { idsOfMap } from './id-maps.ts';

/**
 * The user and group that root's builds run as. Root would be too much even without capabilities:
 * the kernel sets it no limit on processes and lets it write to /proc/sys. It lies at the end of
 * the range that is kept for containers (systemd's "Users, Groups, UIDs and GIDs on systemd
 * systems"), where no account is.
 */
const preferred = 0x6fff0000;

/** Picks an id that exists in a user namespace with that uid_map (user_namespaces(7)). */
export function pickOuterId(map: string): number | undefined {
  const ranges = idsOfMap(map);
  if (ranges.some(({ first, last }) => first <= preferred && preferred <= last)) return preferred;
  const highest = Math.max(0, ...ranges.map(({ last }) => last));
  return highest > 0 ? highest : undefined;
}

/**
 * The id, for user and group alike, that a program's files belong to and that it runs as, seen from
 * outside; undefined: mkbase's own, since it is not root or there is no other.
 */
export async function outerId(): Promise<number | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const [users, groups] = await Promise.all(
    ['/proc/self/uid_map', '/proc/self/gid_map'].map((file) => readFile(file, 'latin1')),
  );
  const user = pickOuterId(users ?? '');
  const group = pickOuterId(groups ?? '');
  return user === undefined || group === undefined ? undefined : Math.min(user, group);
}
