import { cellWidth, shownCharacter } from '../../base/characters.ts';

/** A piece of a text: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place in a text for people: both count from 1, the column in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineNumberWidth = 4;
/** Characters of a line that are shown, and the number of them before the marker. */
const shownLength = 96;
const shownBefore = 32;

const lineStart = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  const end = newline === -1 ? text.length : newline;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** Returns line and column of an offset. */
export function positionOf(text: string, offset: number): Position {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
  }
  let column = 1;
  for (const _ of text.slice(lineStart(text, offset), offset)) column++;
  return { line, column };
}

const cells = (characters: readonly string[]): number =>
  characters.reduce((sum, character) => sum + cellWidth(character), 0);

/** Returns all of the line before the marker when the line fits, else its last 32 characters. */
function shownBeforeMarker(before: string, lineLength: number): string[] {
  if (lineLength <= shownLength) return [...before].map(shownCharacter);
  return [...before.slice(-2 * shownBefore)].slice(-shownBefore).map(shownCharacter);
}

/**
 * Returns the line that a span starts on, with a marker under the span:
 *
 * ```
 *    7 |     flag: [-Os]
 *      |     ^^^^
 * ```
 *
 * A long line is cut around the marker; tabs and unprintable characters show as one visible
 * character; the marker counts terminal cells, so it lines up under wide characters too.
 */
export function excerpt(text: string, span: Span): string {
  const from = lineStart(text, span.start);
  const to = lineEnd(text, span.start);
  const kept = shownBeforeMarker(text.slice(from, span.start), to - from);
  const after = [...text.slice(span.start, Math.min(to, span.start + 2 * shownLength))];

  const head = span.start - from > kept.join('').length ? ['…', ...kept] : kept;
  const room = shownLength - kept.length;
  const tail = after.slice(0, room).map(shownCharacter);
  const cut = after.length > room ? '…' : '';

  const marked = [...text.slice(span.start, Math.min(span.end, span.start + 2 * shownLength, to))];
  const markerWidth = Math.max(1, cells(tail.slice(0, marked.length)));

  const number = String(positionOf(text, span.start).line).padStart(lineNumberWidth);
  const gutter = ' '.repeat(number.length);
  const line = `${number} | ${head.join('')}${tail.join('')}${cut}`.trimEnd();
  return `${line}\n${gutter} | ${' '.repeat(cells(head))}${'^'.repeat(markerWidth)}`;
}
