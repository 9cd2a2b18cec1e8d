import type { ByteString } from '../base/byte-string.ts';
import type { Entry } from '../tar/entry.ts';
import { parentOf } from '../tar/names.ts';

/**
 * A file system object, whatever it is called. `path` is a name that it once had and means nothing
 * here.
 */
export type Inode = Exclude<Entry, { type: 'hardlink' }>;

/** Paths and what they name. Two paths that name the very same object are hard links. */
export type Tree = Map<ByteString, Inode>;

/** Whether something may be placed over what is there: a folder and anything else never mix. */
export function replaceProblem(before: Inode | undefined, type: Inode['type']): string | undefined {
  if (before === undefined) return undefined;
  if ((before.type === 'directory') === (type === 'directory')) return undefined;
  return `is a ${before.type} already and cannot become a ${type}`;
}

/** The folders above a path, innermost first, without the root. */
export function* ancestorsOf(path: ByteString): Generator<ByteString> {
  for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) yield parent;
}
