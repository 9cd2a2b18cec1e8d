/**
 * Bytes as a string of one character per byte (latin1). Path names in archives are bytes, not text:
 * this keeps them exact, and comparing two of them with `<` is memcmp.
 */
export type ByteString = string;

/** Encodes text as the bytes of its UTF-8 form. */
export const toByteString = (text: string): ByteString =>
  Buffer.from(text, 'utf8').toString('latin1');

/** Decodes bytes as text for people; bytes that are no UTF-8 show as U+FFFD. */
export const fromByteString = (bytes: ByteString): string =>
  Buffer.from(bytes, 'latin1').toString('utf8');

/** A character of UTF-8 beyond ASCII (RFC 3629, section 4), or one byte that begins none, or a backslash. */
const characters =
  /([\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2})|[\x80-\xff\\]/g;

/** Visible ASCII without the backslash, as most names are: the same in both forms. */
const plain = /^[ -[\]-~]*$/;

const octalEscape = /\\[0-3][0-7]{2}/g;

const octal = (byte: string): string => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`;

/**
 * Decodes bytes as text that leads back to them. In bytes that are no UTF-8, or that look as if this had
 * written them, each byte of no character and each backslash is a backslash and three octal digits.
 */
export function toLosslessText(bytes: ByteString): string {
  if (plain.test(bytes)) return bytes;
  const text = fromByteString(bytes);
  if (toByteString(text) === bytes && text.search(octalEscape) < 0) return text;
  return fromByteString(
    bytes.replace(characters, (all: string, character?: string) => character ?? octal(all)),
  );
}

/** Returns the bytes that `toLosslessText` was given. */
export function fromLosslessText(text: string): ByteString {
  if (plain.test(text)) return text;
  const bytes = toByteString(text);
  return bytes.replace(octalEscape, (each) =>
    String.fromCharCode(Number.parseInt(each.slice(1), 8)),
  );
}
