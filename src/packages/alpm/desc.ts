/** The fields of a `desc` of pacman's databases: key without percent signs → lines. */
export type Desc = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a `desc` or `files` (libalpm's be_local.c): `%KEY%`, then lines up to an empty one. Throws
 * SyntaxError for a line outside of a field, and for a field that is there twice.
 */
export function parseDesc(text: string): Desc {
  const fields = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of text.split('\n')) {
    const key = current === undefined || current.length === 0 ? keyOf(line) : undefined;
    if (line === '') {
      current = undefined;
    } else if (key !== undefined) {
      if (fields.has(key)) throw new SyntaxError(`%${key}% stands there twice`);
      current = [];
      fields.set(key, current);
    } else if (current === undefined) {
      throw new SyntaxError(`the line ${JSON.stringify(line.slice(0, 100))} stands under no %KEY%`);
    } else {
      current.push(line);
    }
  }
  return fields;
}

const keyOf = (line: string): string | undefined => /^%([A-Z0-9]+)%$/.exec(line)?.[1];

const isWritten = (line: string): boolean =>
  line.trim() !== '' && !line.includes('\n') && keyOf(line) === undefined;

/** Writes a `desc`; fields without lines are left out, and lines that a reader could take for an end or a key. */
export const writeDesc = (fields: Iterable<readonly [key: string, lines: readonly string[]]>) =>
  [...fields]
    .map(([key, lines]) => [key, lines.filter(isWritten)] as const)
    .filter(([, lines]) => lines.length > 0)
    .map(([key, lines]) => `%${key}%\n${lines.join('\n')}\n\n`)
    .join('');
