import type { ByteString } from '../../base/byte-string.ts';

/**
 * Names as mtree(5) writes them: vis(3) with VIS_OCTAL, which every reader knows. Escaped is all that
 * is not visible ASCII, the backslash itself, what would end the word or start a comment (space, `#`),
 * `=`, and what NetBSD's mtree takes for a pattern (`*`, `?`, `[`, `]`).
 */
const plain = /[^!-~]|[\\#=*?[\]]/g;

const octal = (char: string): string => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;

/** Bytes as one word of visible ASCII. */
export const toVis = (bytes: ByteString): string => bytes.replace(plain, octal);

/** The bytes of a word that `toVis` made; undefined for any other word. */
export function fromVis(word: string): ByteString | undefined {
  const bytes = word.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return toVis(bytes) === word ? bytes : undefined;
}
