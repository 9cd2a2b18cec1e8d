import type { ByteString } from '../../base/byte-string.ts';
import type { PathRecord, PathType } from './path-record.ts';

/**
 * Characters that mtree(5) escapes as vis(3) does with VIS_OCTAL, which every reader knows: everything but
 * visible ASCII, the backslash itself, the ends of a word and starts of a comment (space, `#`), `=`, and the
 * characters that NetBSD's mtree takes for a pattern (`*`, `?`, `[`, `]`).
 */
const escaped = /[^!-~]|[\\#=*?[\]]/g;

const octal = (char: string): string => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;

/** Writes bytes as one word of visible ASCII. */
export const toVis = (bytes: ByteString): string => bytes.replace(escaped, octal);

/** Returns the bytes of a word that `toVis` wrote; undefined for any other word. */
export function fromVis(word: string): ByteString | undefined {
  const bytes = word.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return toVis(bytes) === word ? bytes : undefined;
}

/** The first line, by which libarchive and go-mtree recognise the format. */
export const signature = '#mtree';

/** The root, which NetBSD's mtree wants before anything in it; a rootfs's tar has no entry for it. */
export const rootLine = '. type=dir';

/** mtree(5)'s word for each type. */
export const typeWords: Readonly<Record<PathType, string>> = {
  file: 'file',
  directory: 'dir',
  symlink: 'link',
  character: 'char',
  block: 'block',
  fifo: 'fifo',
};

const base64 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('base64');

/** A keyword of mtree(5) and its value. */
export type Keyword = readonly [keyword: string, value: string | undefined];

/** Returns the keywords of a path in their order; those without a value are not written. */
export function keywordsOf(record: PathRecord): Keyword[] {
  const { type, mode, uid, gid, mtime, links, size, sha256, target, major, minor, xattrs } = record;
  return [
    ['type', typeWords[type]],
    ['mode', mode.toString(8).padStart(4, '0')],
    ['uid', String(uid)],
    ['gid', String(gid)],
    ['nlink', links === undefined || links === 1 ? undefined : String(links)],
    ['size', size?.toString()],
    ['time', `${mtime}.000000000`],
    ['sha256', sha256],
    ['link', target === undefined ? undefined : toVis(target)],
    ['device', major === undefined ? undefined : `native,${major},${minor}`],
    ...xattrs.map(([name, value]): Keyword => [`xattr.${toVis(name)}`, base64(value)]),
  ];
}

/** Writes the line of a path, without its end. */
export function mtreeLine(record: PathRecord): string {
  const words = keywordsOf(record)
    .filter(([, value]) => value !== undefined)
    .map(([keyword, value]) => `${keyword}=${value}`);
  return [`./${toVis(record.path)}`, ...words].join(' ');
}

/**
 * Writes a rootfs as an mtree(5) specification: a line for each path, in the given order, each complete in
 * itself (no /set), with the keywords that BSD's mtree and libarchive know. `nlink` is left out where it
 * is 1. There is no standard keyword for extended attributes: they are written as go-mtree and umoci write
 * them, `xattr.<name>=<base64>`. Libarchive warns of that keyword; for NetBSD's mtree it must be removed.
 */
export function* mtreeOf(records: Iterable<PathRecord>): Generator<string> {
  yield `${signature}\n${rootLine}\n`;
  for (const record of records) yield `${mtreeLine(record)}\n`;
}
