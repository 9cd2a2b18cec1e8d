/**
 * Quotes a text as one word of a POSIX shell script (POSIX.1-2017, Shell Command Language, 2.2.2
 * Single-Quotes).
 */
export const quoteWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Quotes a word as a POSIX shell reads it back, only where it has to be quoted. */
export const shellWord = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : quoteWord(word);
