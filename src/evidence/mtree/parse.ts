import type { ByteString } from '../../base/byte-string.ts';
import { checkPath, shown, targetProblem } from '../../tar/names.ts';
import { fromVis, mtreeLine, rootLine, signature, typeWords } from './mtree.ts';
import type { PathRecord, PathType } from './path-record.ts';

/** A line that is not in the one form. */
export interface BadLine {
  /** Number of the line, from 1. */
  readonly line: number;
  /** Continues a sentence whose subject is the line. */
  readonly problem: string;
}

/** The contents of a rootfs.mtree. */
export interface ParsedMtree {
  /** Records of the valid lines, in their order. */
  readonly records: readonly PathRecord[];
  readonly bad: readonly BadLine[];
}

const types = new Map(
  Object.entries(typeWords).map(([type, word]) => [word, type as PathType] as const),
);

/** Parses a number; an invalid value gives 0, which mkbase writes in another way. */
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

/** Returns the fields that only this type has, whether the line has them or not. */
function fieldsOfType(type: PathType, values: Values) {
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

/** Returns the value of each keyword; of a keyword that stands there twice, the last. */
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
    ...fieldsOfType(type, values),
    xattrs: xattrsOf(values),
  };
}

/**
 * Parses a line of rootfs.mtree; returns a sentence whose subject is the line if it is wrong. The line is
 * read, written again and compared: that refuses a keyword that is unknown, missing, repeated, out of
 * place or in another form.
 */
function parseLine(line: string): PathRecord | string {
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

/**
 * Parses what `mtreeOf` writes and nothing else, so that a hostile or edited file cannot be read in two
 * ways. Lists each line that is not in the one form and reads the others. Never throws.
 */
export function parseMtree(text: string): ParsedMtree {
  const records = new Map<string, PathRecord>();
  const bad: BadLine[] = [];
  const lines = text.split('\n');
  if (lines.pop() !== '') bad.push({ line: lines.length + 1, problem: 'does not end' });
  const header = [signature, rootLine];
  for (const [at, expected] of header.entries()) {
    if (lines[at] !== expected) bad.push({ line: at + 1, problem: `is not "${expected}"` });
  }
  for (const [at, line] of lines.slice(header.length).entries()) {
    const record = parseLine(line);
    const number = at + header.length + 1;
    if (typeof record === 'string') bad.push({ line: number, problem: record });
    else if (records.has(record.path)) bad.push({ line: number, problem: 'repeats a path' });
    else records.set(record.path, record);
  }
  return { records: [...records.values()], bad };
}
