import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { MkbaseError } from '../../base/errors.ts';
import type { Refusal } from '../engine.ts';
import { idCount } from '../step.ts';
import { freeRange, type IdMaps, idsOfMap, rootExtents, userExtents } from './id-maps.ts';
import { isInstalled } from './tools.ts';

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
 * Returns the id, for user and group alike, that a program's files belong to and that it runs as,
 * seen from outside. Undefined stands for mkbase's own, since it is not root or there is no other.
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

const read = (file: string) => readFile(file, 'latin1').catch(() => '');
const readBoth = (...files: readonly string[]) => Promise.all(files.map(read));

async function rangeOfRoot(outer: number | undefined): Promise<IdMaps | Refusal> {
  const maps = await readBoth('/proc/self/uid_map', '/proc/self/gid_map');
  const [users, groups] = maps.map((map) =>
    outer === undefined ? undefined : rootExtents(map, outer),
  );
  if (users && groups) return { writer: 'write', users, groups };
  return {
    reason: `this container has not the ${idCount + 1} user and group ids`,
    cure: `Give it ids 0 to ${idCount}, or run mkbase outside of it.`,
  };
}

/** Returns the user's name; undefined for a user that nobody has named. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** Finds the range of the ordinary user with these ids in the texts of /etc/subuid and /etc/subgid. */
export function rangeOfUser(
  { name, uid, gid }: { readonly name: string | undefined; uid: number; gid: number },
  subuid: string,
  subgid: string,
): IdMaps | Refusal {
  if (name === undefined) {
    return {
      reason: `user ${uid} has no name in /etc/passwd, and so no range of ids`,
      cure: 'Run mkbase as a user that has an account.',
    };
  }
  const names = [name, String(uid)];
  const users = userExtents(subuid, names, uid);
  const groups = userExtents(subgid, names, gid);
  if (users && groups) return { writer: 'newidmap', users, groups };
  const range = freeRange([subuid, subgid]);
  const lacking = [...(users ? [] : ['/etc/subuid']), ...(groups ? [] : ['/etc/subgid'])];
  return {
    reason: `${lacking.join(' and ')} ${lacking.length > 1 ? 'have' : 'has'} no range of ${idCount - 1} ids for ${name}`,
    cure: `Add one: sudo usermod --add-subuids ${range} --add-subgids ${range} ${name}.`,
  };
}

/** Finds the range of ids of many users; `outer` is an id as `outerId` gives it. */
export async function findRange(outer: number | undefined): Promise<IdMaps | Refusal> {
  if (process.geteuid?.() === 0) return rangeOfRoot(outer);
  const [subuid = '', subgid = ''] = await readBoth('/etc/subuid', '/etc/subgid');
  const user = { name: userName(), uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const range = rangeOfUser(user, subuid, subgid);
  const installed = await Promise.all(['newuidmap', 'newgidmap'].map(isInstalled));
  if ('reason' in range || installed.every(Boolean)) return range;
  return {
    reason: 'newuidmap and newgidmap are not installed',
    cure: 'Install them (on Debian and Ubuntu: sudo apt-get install uidmap).',
  };
}

/** Returns why steps that need a range of ids (Step.ids) cannot run on this engine, if they cannot. */
export async function idRangeRefusal(): Promise<Refusal | undefined> {
  const range = await findRange(await outerId());
  return 'reason' in range ? range : undefined;
}

/**
 * Returns the ids of a step that needs a range of them. `outer` is an id as `outerId` gives it.
 * ENGINE_FAILED says which are lacking and what gives them.
 */
export async function idRange(outer: number | undefined): Promise<IdMaps> {
  const range = await findRange(outer);
  if (!('reason' in range)) return range;
  throw new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `A root file system has files of many users and groups, which the namespace engine cannot give it here: ${range.reason}.`,
    hint: `${range.cure} Or choose another engine with --engine.`,
  });
}
