import type { Entry } from '../../../src/tar/entry.ts';

/** A member as another program sees it; names and values are bytes, one character each. */
export interface Member {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly link: string;
  readonly xattrs?: Readonly<Record<string, string>>;
  /** sha256 of the content. */
  readonly sha256?: string;
}

const types: Readonly<Record<Entry['type'], string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** Both write `./a/` for `a` as they like; no two files are told apart by that. */
const plainName = (name: string): string =>
  name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

/** Fields of ours that are compared with those of a member. */
const oursOf = (entry: Entry) => ({
  name: entry.path,
  type: types[entry.type],
  mode: entry.mode,
  uid: entry.uid,
  gid: entry.gid,
  size: entry.type === 'file' ? entry.size : 0,
  mtime: entry.mtime,
  link: 'target' in entry ? entry.target : '',
});

const theirsOf = ({ name, type, mode, uid, gid, size, mtime, link }: Member) => ({
  name: plainName(name),
  type,
  mode: mode & 0o7777,
  uid,
  gid,
  size: type === '0' ? size : 0,
  mtime: Math.floor(mtime),
  link: type === '1' ? plainName(link) : type === '2' ? link : '',
});

function differenceFrom(entries: readonly Entry[], members: unknown, program: string) {
  if (!Array.isArray(members)) return `${program} refuses it: ${JSON.stringify(members)}`;
  const theirs = (members as Member[]).filter(({ name }) => plainName(name) !== '');
  for (let at = 0; at < Math.max(entries.length, theirs.length); at += 1) {
    const [entry, member] = [entries[at], theirs[at]];
    const one = JSON.stringify(entry && oursOf(entry));
    const other = JSON.stringify(member && theirsOf(member));
    if (one !== other) return `${program} reads member ${at} otherwise:\n  ${one}\n  ${other}`;
    const xattrs = JSON.stringify(Object.fromEntries(entry?.xattrs ?? []));
    const seen =
      member?.xattrs && JSON.stringify(Object.fromEntries(Object.entries(member.xattrs).sort()));
    if (seen !== undefined && seen !== xattrs) {
      return `${program} reads other attributes of member ${at}:\n  ${xattrs}\n  ${seen}`;
    }
  }
  return undefined;
}

/** Returns the first difference between an accepted archive and what the others see in it. */
export const tarDifference = (
  entries: readonly Entry[],
  python: unknown,
  gnu: unknown,
): string | undefined =>
  differenceFrom(entries, python, "Python's tarfile") ?? differenceFrom(entries, gnu, 'GNU tar');
