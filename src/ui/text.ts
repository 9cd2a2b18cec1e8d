import { relative } from 'node:path';
import { cellWidth, textWidth } from '../base/characters.ts';

/**
 * CSI and OSC sequences (ECMA-48), every other control character, and the marks that reorder
 * text (Unicode UAX 9) and so could show something other than what is there.
 */
const controls =
  /\p{Cc}\[[0-?]*[ -/]*[@-~]|\p{Cc}\][^\p{Cc}]*(?:\p{Cc}\\)?|\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Returns text from outside as one line without anything a terminal would obey: a hostile Makefile or
 * a mirror must not move the cursor, set the title or fake a line of ours. Tabs become spaces.
 */
export function oneLine(text: string): string {
  return text.replace(/\r?\n/g, ' ').replaceAll('\t', '    ').replace(controls, '');
}

/** Does the same as oneLine for text of several lines; line ends stay. */
export function manyLines(text: string): string {
  return text.split(/\r?\n/).map(oneLine).join('\n');
}

/** Cuts a line to `width` cells of the terminal; an ellipsis stands for what was cut. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let cells = 0;
  for (const character of text) {
    cells += cellWidth(character);
    if (cells >= width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Fills a line with spaces up to `width` cells. */
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

/** Returns a path as it is said from the working folder, when it lies below it. */
export function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}
