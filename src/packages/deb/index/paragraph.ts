/** The fields of one deb822 paragraph (deb822(5)), by lower-case name. */
export type Paragraph = ReadonlyMap<string, string>;

const fieldLine = /^([!-,.-9;-~][!-9;-~]*):[ \t]*(.*)$/;

/**
 * Parses one paragraph. Continuation lines are kept, joined by newlines, without their first blank.
 * Throws SyntaxError for a line of no known form and for a field that comes twice.
 */
export function parseParagraph(text: string): Paragraph {
  const fields = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (name === undefined)
        throw new SyntaxError('a continuation line without a field before it');
      fields.set(name, `${fields.get(name)}\n${line.slice(1)}`);
      continue;
    }
    const match = fieldLine.exec(line);
    if (match === null)
      throw new SyntaxError(`expected "Field: value", found ${JSON.stringify(line.slice(0, 80))}`);
    name = match[1]!.toLowerCase();
    if (fields.has(name)) throw new SyntaxError(`the field ${match[1]} comes twice`);
    fields.set(name, match[2]!.trimEnd());
  }
  return fields;
}

/** Parses paragraphs separated by empty lines. */
export function parseParagraphs(text: string): Paragraph[] {
  return text
    .split(/\n(?:[ \t]*\n)+/)
    .map(parseParagraph)
    .filter((paragraph) => paragraph.size > 0);
}

/** Splits a field into words; none when it is absent. */
export function words(paragraph: Paragraph, name: string): string[] {
  return (paragraph.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Reads `Source: gcc-14 (14.2.0-19)`: name and version are left out where they are the package's own. */
export function sourceOf(field: string | undefined, name: string, version: string) {
  const [, source = name, sourceVersion = version] =
    /^(\S+)(?:\s+\(([^)]+)\))?$/.exec(field ?? '') ?? [];
  return { name: source, version: sourceVersion };
}
