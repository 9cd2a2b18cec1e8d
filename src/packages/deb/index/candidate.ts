import type { Paragraph } from './paragraph.ts';
import { type Provided, parseRelations, type Relation } from './relations.ts';

/** A package that could be chosen: its stanza in an index. */
export interface Candidate {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Suite of the index that lists it. */
  readonly suite: string;
  readonly fields: Paragraph;
  /** Pre-Depends and Depends, in that order. */
  readonly depends: readonly (readonly Relation[])[];
  /** Conflicts and Breaks. */
  readonly conflicts: readonly Relation[];
  /** Itself, and what it provides. */
  readonly provides: readonly Provided[];
}

/** Reads a stanza of a Packages index for one architecture. Throws SyntaxError. */
export function candidateOf(fields: Paragraph, suite: string, architecture: string): Candidate {
  const relations = (...names: readonly string[]) =>
    names.flatMap((name) => parseRelations(fields.get(name), architecture));
  const name = required(fields, 'Package');
  const version = required(fields, 'Version');
  return {
    name,
    version,
    architecture: required(fields, 'Architecture'),
    suite,
    fields,
    depends: relations('pre-depends', 'depends'),
    conflicts: relations('conflicts', 'breaks').flat(),
    provides: [{ name, version }, ...relations('provides').flat().map(providedBy)],
  };
}

const providedBy = ({ name, constraint }: Relation): Provided => ({
  name,
  version: constraint?.version,
});

/** A field that a stanza must have. Throws SyntaxError. */
export function required(fields: Paragraph, name: string): string {
  const value = fields.get(name.toLowerCase());
  if (value === undefined || value === '') {
    throw new SyntaxError(`${fields.get('package') ?? 'a stanza'} has no ${name}`);
  }
  return value;
}
