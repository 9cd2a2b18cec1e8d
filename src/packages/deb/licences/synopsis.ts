import { allOf, anyOf, type Expression } from '../../licences/expression.ts';

/** Parts of a text between separators; undefined when there is only one. */
const split = (text: string, separator: RegExp): string[] | undefined => {
  const parts = text.split(separator);
  return parts.length > 1 ? parts : undefined;
};

/**
 * Reads the first line of a `License:` field: short names joined by `and` and `or`, of which `and`
 * binds closer unless a comma stands before it (copyright format 1.0, "Syntax"). `named` says what
 * a single name, with its exception if it has one, means.
 */
export function parseSynopsis(text: string, named: (name: string) => Expression): Expression {
  const inner = (part: string) => parseSynopsis(part, named);
  const commas = split(text, /,\s+(?=(?:and|or)\s)/i);
  if (commas !== undefined) {
    // From the left: each joins all that stands before it.
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
