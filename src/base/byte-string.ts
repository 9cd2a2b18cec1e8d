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
