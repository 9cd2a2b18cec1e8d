import { canonicalJson } from '../../base/canonical-json.ts';

/** A member of a document: a value, or a list whose elements are made one at a time. */
type Member = string | number | object | undefined;

/** Indents lines, which end in "\n" alone: a pattern with the flag m would also end one at U+2028. */
const indented = (text: string, by: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => by + line)
    .join('\n');

function* listText(values: Iterable<unknown>): Generator<string> {
  let count = 0;
  for (const value of values) {
    yield count === 0 ? '[\n' : ',\n';
    yield indented(canonicalJson(value as object), '    ');
    count += 1;
  }
  yield count === 0 ? '[]' : '\n  ]';
}

function* pieces(document: Readonly<Record<string, Member>>): Generator<string> {
  let before = '{\n';
  for (const [key, value] of Object.entries(document).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === undefined) continue;
    yield `${before}  ${JSON.stringify(key)}: `;
    before = ',\n';
    if (typeof value !== 'object') yield JSON.stringify(value);
    else if (Symbol.iterator in value) yield* listText(value as Iterable<unknown>);
    else yield indented(canonicalJson(value), '  ').trimStart();
  }
  yield '\n}\n';
}

/**
 * Writes a document as `canonicalJson` does, list by list and element by element, so that never more than
 * one of a root file system's files is held as an object. Elements of lists must be objects.
 */
export const documentText = (document: Readonly<Record<string, Member>>): string =>
  [...pieces(document)].join('');
