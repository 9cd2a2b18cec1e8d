import type { ByteString } from '../../base/byte-string.ts';
import { checkPath, shown, targetProblem } from '../../tar/names.ts';
import { mtreeLine, typeWords } from './mtree.ts';
import type { PathRecord, PathType } from './path-record.ts';
import { fromVis } from './vis.ts';

const types = new Map(
  Object.entries(typeWords).map(([type, word]) => [word, type as PathType] as const),
);

/** What a keyword says; a value that says nothing gives one that mkbase writes otherwise. */
const number =
  (pattern: RegExp, radix = 10) =>
  (text = ''): number =>
    pattern.test(text) ? Number.parseInt(text, radix) : 0;

const octal = number(/^[0-7]{4}$/, 8);
const decimal = number(/^[0-9]{1,15}$/);
const seconds = number(/^-?[0-9]{1,15}\.0{9}$/);
const digest = (text = ''): string => (/^[0-9a-f]{64}$/.test(text) ? text : '');

type Values = ReadonlyMap<string, string>;

function xattrsOf(values: Values): PathRecord['xattrs'] {
  const prefix = 'xattr.';
  return [...values]
    .filter(([keyword]) => keyword.startsWith(prefix))
    .map(([keyword, value]) => [
      fromVis(keyword.slice(prefix.length)) ?? '',
      Buffer.from(value, 'base64').toString('latin1'),
    ]);
}

/** The fields that a type has besides those of all, whether the line has them or not. */
function particulars(type: PathType, values: Values) {
  switch (type) {
    case 'file':
      return {
        links: values.has('nlink') ? decimal(values.get('nlink')) : 1,
        size: decimal(values.get('size')),
        sha256: digest(values.get('sha256')),
      };
    case 'symlink':
      return { target: fromVis(values.get('link') ?? '') ?? '' };
    case 'character':
    case 'block': {
      const [, major, minor] = (values.get('device') ?? '').split(',');
      return { major: decimal(major), minor: decimal(minor) };
    }
    default:
      return {};
  }
}

/** Keyword and value of each word; of a keyword that stands there twice, the last. */
const valuesOf = (words: readonly string[]): Values =>
  new Map(
    words.map((word) => {
      const equals = word.indexOf('=');
      return [word.slice(0, Math.max(0, equals)), word.slice(equals + 1)];
    }),
  );

function recordFrom(path: ByteString, words: readonly string[]): PathRecord {
  const values = valuesOf(words);
  const type = types.get(values.get('type') ?? '') ?? 'fifo';
  return {
    path,
    type,
    mode: octal(values.get('mode')),
    uid: decimal(values.get('uid')),
    gid: decimal(values.get('gid')),
    mtime: seconds(values.get('time')),
    ...particulars(type, values),
    xattrs: xattrsOf(values),
  };
}

/**
 * What a line of rootfs.mtree says, or what is wrong with it, as a sentence whose subject is the line.
 * A line is read, written again and compared: that refuses a keyword that is unknown, missing, twice,
 * out of place or written otherwise.
 */
export function parseLine(line: string): PathRecord | string {
  const [name = '', ...words] = line.split(' ');
  const bytes = name.startsWith('./') ? fromVis(name.slice(2)) : undefined;
  if (bytes === undefined || { path: undefined, ...checkPath(bytes) }.path !== bytes) {
    return `starts with ${shown(name)}, which is no path of a rootfs`;
  }
  const record = recordFrom(bytes, words);
  const written = mtreeLine(record).split(' ').slice(1);
  const at = written.findIndex((word, index) => word !== words[index]);
  const place = at < 0 ? written.length : at;
  if (written.length !== words.length || at >= 0) {
    const found = words[place] === undefined ? 'nothing' : shown(words[place]);
    return `(${shown(bytes)}) has ${found} in word ${place + 2}, which mkbase does not write there`;
  }
  const problem = record.target === undefined ? undefined : targetProblem(record.target);
  return problem === undefined ? record : `(${shown(bytes)}) has a link target that ${problem}`;
}
