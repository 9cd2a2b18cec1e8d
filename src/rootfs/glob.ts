import type { ByteString } from '../base/byte-string.ts';

/**
 * Matches wildcards greedily, in time proportional to the product of both lengths whatever the
 * pattern: only the last star ever has to be tried again.
 */
function wildcard<T>(
  pattern: ArrayLike<T>,
  subject: ArrayLike<T>,
  isStar: (part: T) => boolean,
  matches: (part: T, against: T) => boolean,
): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  for (let position = 0; position < subject.length; ) {
    if (at < pattern.length && isStar(pattern[at]!)) {
      star = at;
      at += 1;
      retry = position;
    } else if (at < pattern.length && matches(pattern[at]!, subject[position]!)) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      retry += 1;
      position = retry;
      at = star + 1;
    } else return false;
  }
  while (at < pattern.length && isStar(pattern[at]!)) at += 1;
  return at === pattern.length;
}

const matchesPart = (pattern: ByteString, part: ByteString): boolean =>
  wildcard(
    pattern,
    part,
    (char) => char === '*',
    (char, against) => char === against,
  );

/** Tells whether a path matches. */
export type Glob = (path: ByteString) => boolean;

/**
 * Compiles a pattern without its leading slash: `*` stands for any bytes inside one part of a path,
 * `**` as a whole part for any number of parts. A trailing `**` is everything beneath, not the
 * folder itself.
 */
export function glob(pattern: ByteString): Glob {
  if (!pattern.includes('*')) return (path) => path === pattern;
  const parts = pattern.split('/');
  if (parts.at(-1) === '**') parts.push('*');
  return (path) => wildcard(parts, path.split('/'), (part) => part === '**', matchesPart);
}
