import { type Paragraph, parseParagraphs } from '../index/paragraph.ts';

/** A `License:` field: its short name or expression on the first line, the text after it. */
export interface LicenceField {
  readonly synopsis: string;
  readonly text: string;
}

/** A copyright file in Debian's machine-readable format. */
export interface CopyrightFile {
  /** Of the header paragraph, which stands for the whole, and of each `Files:` paragraph, in order. */
  readonly stated: readonly LicenceField[];
  /** Texts by the short name that they belong to, from all paragraphs. */
  readonly texts: ReadonlyMap<string, string>;
}

const format =
  /^https?:\/\/(?:www\.)?debian\.org\/doc\/packaging-manuals\/copyright-format\/1\.0\/?$/;

/** Formatted text (copyright format 1.0, "Formatted text"): a lone dot stands for an empty line. */
const textOf = (lines: readonly string[]): string =>
  lines
    .map((line) => (line.trim() === '.' ? '' : line))
    .join('\n')
    .trim();

function licenceField(paragraph: Paragraph): LicenceField | undefined {
  const value = paragraph.get('license');
  if (value === undefined) return undefined;
  const [synopsis = '', ...lines] = value.split('\n');
  return { synopsis: synopsis.trim(), text: textOf(lines) };
}

/**
 * Reads a copyright file of format 1.0
 * (https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/). Undefined for one of another
 * form, and for one that says it is of this format and breaks its syntax: that is read as prose.
 */
export function parseCopyright(text: string): CopyrightFile | undefined {
  let paragraphs: Paragraph[];
  try {
    paragraphs = parseParagraphs(text);
  } catch {
    return undefined;
  }
  const [header] = paragraphs;
  if (!format.test(header?.get('format')?.trim() ?? '')) return undefined;
  const texts = new Map<string, string>();
  const stated: LicenceField[] = [];
  for (const paragraph of paragraphs) {
    const field = licenceField(paragraph);
    if (field === undefined) continue;
    if (field.text !== '' && !texts.has(field.synopsis)) texts.set(field.synopsis, field.text);
    if (paragraph === header || paragraph.has('files')) stated.push(field);
  }
  return stated.length === 0 ? undefined : { stated, texts };
}
