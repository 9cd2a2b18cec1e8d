import { eastAsianWidth } from 'get-east-asian-width';

/**
 * Characters that would move a cursor, end a line, reverse the reading direction (Trojan Source,
 * CVE-2021-42574) or have no UTF-8 form. Recipes are hostile input: none of them reaches a terminal.
 */
export const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

const everyUnprintable = new RegExp(unprintable, 'gu');

/** `U+001B`, the way Unicode names a character. */
export const codePointName = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

/** Escapes every unprintable character, so that the text is safe to show on one line. */
export const printed = (text: string): string =>
  text.replace(
    everyUnprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Room for a sha256 and a little more. */
const longest = 72;

/** Cuts a text that is too long for a message, and ends it with an ellipsis. */
export function shortened(text: string): string {
  if (text.length <= longest) return text;
  return `${[...text.slice(0, 2 * longest)].slice(0, longest - 1).join('')}…`;
}

/** Puts a text into double quotes for a message: one line, printable, shortened. */
export const quoted = (text: string): string => printed(JSON.stringify(shortened(text)));

/** Stands for one character in an excerpt; always one line, and as wide as `cellWidth` says. */
export function shownCharacter(character: string): string {
  if (character === '\t') return '→';
  return unprintable.test(character) ? '\ufffd' : character;
}

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** Returns the terminal cells that a shown character takes: 0, 1 or 2 (UAX #11, East Asian Width). */
export function cellWidth(character: string): number {
  if (character < '\u0300') return 1;
  return zeroWidth.test(character) ? 0 : eastAsianWidth(character.codePointAt(0)!);
}

/** Terminal cells that a line of shown characters takes. */
export function textWidth(text: string): number {
  let cells = 0;
  for (const character of text) cells += cellWidth(character);
  return cells;
}
