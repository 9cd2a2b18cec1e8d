import type { ByteString } from '../../base/byte-string.ts';

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
