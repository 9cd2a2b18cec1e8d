/** Text that came from outside, and how it is laid out on a terminal. */

/**
 * CSI and OSC sequences (ECMA-48), every other control character, and the marks that reorder
 * text (Unicode UAX 9) and so could show something other than what is there.
 */
const controls =
  /\p{Cc}\[[0-?]*[ -/]*[@-~]|\p{Cc}\][^\p{Cc}]*(?:\p{Cc}\\)?|\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * One line without anything a terminal would obey: a hostile Makefile or a mirror must not move
 * the cursor, set the title or fake a line of ours. Tabs become spaces.
 */
export function oneLine(text: string): string {
  return text.replace(/\r?\n/g, ' ').replaceAll('\t', '    ').replace(controls, '');
}

/** The same for text of several lines; line ends stay. */
export function manyLines(text: string): string {
  return text.split(/\r?\n/).map(oneLine).join('\n');
}

/** Cut to `width` characters; what was cut shows as an ellipsis. */
export function truncate(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  return width < 1 ? '' : `${characters.slice(0, width - 1).join('')}…`;
}

/** Characters, for alignment; a combining or wide character counts as one. */
export const textWidth = (text: string): number => [...text].length;

export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - textWidth(text)));

/** Breaks a line at spaces so that no part is longer than `width`; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
