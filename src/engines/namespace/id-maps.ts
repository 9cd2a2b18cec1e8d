import { idCount } from '../step.ts';

/** A row of uid_map or gid_map (user_namespaces(7)). */
export interface Extent {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** The ids of a user namespace, the ids that they stand for outside, and the way to set the map. */
export interface IdMaps {
  /** `newidmap`: newuidmap(1) and newgidmap(1), for an ordinary user. */
  readonly writer: 'write' | 'newidmap';
  readonly users: readonly Extent[];
  readonly groups: readonly Extent[];
}

/** Writes the rows of a map as one word. */
export const rowsOf = (extents: readonly Extent[]): string =>
  extents.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`).join('\n');

/** Maps the ids of a namespace within another that has the same. */
export function withinItself({ users, groups }: IdMaps): IdMaps {
  const same = (extents: readonly Extent[]) =>
    extents.map(({ inside, count }) => ({ inside, outside: inside, count }));
  return { writer: 'write', users: same(users), groups: same(groups) };
}

/** Root alone, as `unshare --map-root-user` makes it. */
export const onlyRoot: Pick<IdMaps, 'users' | 'groups'> = {
  users: [{ inside: 0, outside: 0, count: 1 }],
  groups: [{ inside: 0, outside: 0, count: 1 }],
};

/** Returns the ids that a map has, from the first column and the last of its rows. */
export function idsOfMap(map: string): { readonly first: number; readonly last: number }[] {
  return map
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([first = 0, , count = 0]) => ({ first, last: first + count - 1 }));
}

/**
 * Returns the range of root's builds, whose own id outside is `outer`: the block of ids that begins
 * with it, where nobody is. A container often has no more than 65536 ids, of which `outer` is the
 * last; then the range is that of its users, but never its root. Undefined where these are missing,
 * too.
 */
export function rootExtents(map: string, outer: number): readonly Extent[] | undefined {
  const ids = idsOfMap(map);
  const has = (first: number, count: number) =>
    ids.some((each) => each.first <= first && first + count - 1 <= each.last);
  if (has(outer, idCount)) return [{ inside: 0, outside: outer, count: idCount }];
  if (outer < idCount || !has(1, idCount - 1)) return undefined;
  return [
    { inside: 0, outside: outer, count: 1 },
    { inside: 1, outside: 1, count: idCount - 1 },
  ];
}

/** A row of /etc/subuid or /etc/subgid (subuid(5)). */
interface Subordinate {
  readonly owner: string;
  readonly first: number;
  readonly count: number;
}

function subordinates(text: string): Subordinate[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .map(([owner = '', first, count]) => ({ owner, first: Number(first), count: Number(count) }))
    .filter(({ owner, first, count }) => owner !== '' && first > 0 && count > 0);
}

/**
 * Returns the range of an ordinary user's builds: 0 is the user, as files of builders are the
 * user's, and the others come from one row of subuid(5) that is long enough. `names`: the user's
 * name and number.
 */
export function userExtents(
  text: string,
  names: readonly string[],
  id: number,
): readonly Extent[] | undefined {
  const range = subordinates(text).find(
    ({ owner, count }) => names.includes(owner) && count >= idCount - 1,
  );
  return (
    range && [
      { inside: 0, outside: id, count: 1 },
      { inside: 1, outside: range.first, count: idCount - 1 },
    ]
  );
}

/** The first id of the ranges that useradd(8) gives (login.defs(5), SUB_UID_MIN). */
const firstGiven = 100_000;

/** Returns a range that is in none of those files yet, as `usermod --add-subuids` takes it. */
export function freeRange(texts: readonly string[]): string {
  const ends = texts.flatMap(subordinates).map(({ first, count }) => first + count);
  const first = Math.max(firstGiven, ...ends);
  return `${first}-${first + 65535}`;
}
