import { allOf, anyOf, type Expression } from '../../licences/expression.ts';
import { type Paragraph, parseParagraphs } from '../index/paragraph.ts';

/** A `License:` field: its short name or expression on the first line, the text after it. */
export interface LicenceField {
  readonly synopsis: string;
  readonly text: string;
}

/** A copyright file in Debian's machine-readable format. */
export interface CopyrightFile {
  /** The fields of the header paragraph, which stands for the whole, and of each `Files:` paragraph, in order. */
  readonly stated: readonly LicenceField[];
  /** Texts by the short name that they belong to, from all paragraphs. */
  readonly texts: ReadonlyMap<string, string>;
}

const format =
  /^https?:\/\/(?:www\.)?debian\.org\/doc\/packaging-manuals\/copyright-format\/1\.0\/?$/;

/** Joins formatted text (copyright format 1.0, "Formatted text"): a lone dot stands for an empty line. */
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
 * form, and for one that claims this format but breaks its syntax: the caller reads it as prose.
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

/** Splits a text at separators; undefined when there are none. */
const split = (text: string, separator: RegExp): string[] | undefined => {
  const parts = text.split(separator);
  return parts.length > 1 ? parts : undefined;
};

/**
 * Reads the first line of a `License:` field: short names joined by `and` and `or`, of which `and`
 * binds closer unless a comma stands before it (copyright format 1.0, "Syntax"). `named` translates
 * a single name, with its exception if it has one.
 */
export function parseSynopsis(text: string, named: (name: string) => Expression): Expression {
  const inner = (part: string) => parseSynopsis(part, named);
  const commas = split(text, /,\s+(?=(?:and|or)\s)/i);
  if (commas !== undefined) {
    // Each joins all that stands to the left of it.
    return commas.slice(1).reduce<Expression>(
      (left, part) => {
        const right = inner(part.replace(/^(?:and|or)\s+/i, ''));
        return /^and\s/i.test(part) ? allOf([left, right]) : anyOf([left, right]);
      },
      inner(commas[0] ?? ''),
    );
  }
  const ors = split(text, /\s+or\s+/i);
  if (ors !== undefined) return anyOf(ors.map(inner));
  const ands = split(text, /\s+and\s+/i);
  if (ands !== undefined) return allOf(ands.map(inner));
  return named(text.trim());
}
