import { type ByteString, fromByteString } from '../base/byte-string.ts';

/** Linux: PATH_MAX and NAME_MAX (limits.h), in bytes. */
const pathLimit = 4096;
const partLimit = 255;

/** Characters that could steer a terminal, beyond the control characters that JSON escapes. */
const unprintable = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Shows a name in messages: quoted, and nothing in it that could steer a terminal. */
export const shown = (name: ByteString): string =>
  JSON.stringify(fromByteString(name)).replace(
    unprintable,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Returns the path of the folder that holds `path`; '' is the root. */
export const parentOf = (path: ByteString): ByteString =>
  path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Says why one part of a path cannot be taken; undefined when it can. */
function partProblem(part: ByteString): string | undefined {
  if (part === '') return 'has an empty part';
  if (part === '.') return 'has a "." part';
  if (part === '..') return 'has a ".." part';
  if (part.length > partLimit) return `has a part of more than ${partLimit} bytes`;
  return undefined;
}

/** A path as entries have it, or the problem with it. */
export type CheckedPath =
  | { readonly path: ByteString; readonly problem?: never }
  | { readonly problem: string };

/**
 * Brings an archive's name into the form of `Entry.path`: without a leading "./" and a trailing
 * "/". The root itself ("." or "./") becomes ''.
 */
export function checkPath(name: ByteString): CheckedPath {
  if (name === '') return { problem: 'is empty' };
  if (name.includes('\0')) return { problem: 'has a NUL byte' };
  if (name.length > pathLimit) return { problem: `has more than ${pathLimit} bytes` };
  if (name.startsWith('/')) return { problem: 'is absolute' };
  if (name === '.' || name === './') return { path: '' };
  const path = name.replace(/^\.\//, '').replace(/\/$/, '');
  for (const part of path.split('/')) {
    const problem = partProblem(part);
    if (problem !== undefined) return { problem };
  }
  return { path };
}

/** Says why a symbolic link's target cannot be taken; undefined when it can. */
export function targetProblem(target: ByteString): string | undefined {
  if (target === '') return 'is empty';
  if (target.includes('\0')) return 'has a NUL byte';
  if (target.length >= pathLimit) return `has more than ${pathLimit - 1} bytes`;
  return undefined;
}
