import type { core } from 'zod';
import { quoted } from '../../base/characters.ts';
import { didYouMean } from '../../base/suggest.ts';
import { alternatives } from './expected.ts';
import { coreSchema, fieldNames, requiredNames } from './schema-fields.ts';
import type { Field, Tree } from './yaml-tree.ts';

/** The reason why no option could be chosen. */
export interface Undecided {
  readonly message: string;
  readonly hint?: string;
  /** The field to mark; the value itself when left out. */
  readonly field?: Field;
}

/** The option of a union that a value was meant to be. */
export type Choice = { readonly index: number; readonly option: core.$ZodType } | Undecided;

/** Tells whether a schema takes values of this kind at all. */
function takes(schema: core.$ZodType, tree: Tree): boolean {
  const { def } = coreSchema(schema)._zod;
  if (tree.fields !== undefined) return def.type === 'object' || def.type === 'record';
  if (tree.items !== undefined) return def.type === 'array';
  return def.type === typeof tree.value;
}

/** An option of the union with the fields that no other option requires. */
interface Candidate {
  readonly index: number;
  readonly option: core.$ZodType;
  readonly marks: readonly string[];
}

function candidatesAmong(options: readonly core.$ZodType[], tree: Tree): Candidate[] {
  const fitting = options.flatMap((option, index) =>
    takes(option, tree) ? [{ option, index, required: requiredNames(option) }] : [],
  );
  return fitting.map(({ option, index, required }) => ({
    index,
    option,
    marks: required.filter((name) =>
      fitting.every((other) => other.index === index || !fieldNames(other.option).includes(name)),
    ),
  }));
}

const firstMarks = (candidates: readonly Candidate[]): string[] =>
  candidates.flatMap(({ marks }) => marks.slice(0, 1));

/** Reports fields that belong to different options: one option is too many. */
function tooMany(candidates: readonly Candidate[], fields: ReadonlyMap<string, Field>): Undecided {
  const given = candidates.flatMap(({ marks }) => marks.filter((name) => fields.has(name)));
  const names = alternatives(given.map(quoted), 'and');
  const last = fields.get(given.at(-1)!);
  return {
    message: `expected only one of ${names}`,
    hint: 'keep one and remove the rest',
    ...(last === undefined ? {} : { field: last }),
  };
}

/** Chooses without an own field: reports an unknown field, else takes the option that knows most. */
function fromTheRest(candidates: readonly Candidate[], fields: ReadonlyMap<string, Field>): Choice {
  const names = firstMarks(candidates);
  for (const [name, field] of fields) {
    if (candidates.some(({ option }) => fieldNames(option).includes(name))) continue;
    const hint = `expected one of ${names.join(', ')}${didYouMean(name, names)}`;
    return { message: `unknown field ${quoted(name)}`, hint, field };
  }
  const known = candidates.map(
    ({ option }) => fieldNames(option).filter((name) => fields.has(name)).length,
  );
  const best = candidates.filter((_, index) => known[index] === Math.max(...known));
  if (best.length === 1) return best[0]!;
  return { message: `expected one of ${alternatives(names.map(quoted))}` };
}

/**
 * Chooses by the fields that are there, as a person would: `symlink` makes it a link even where the
 * rest of it is wrong. Undefined when no option takes a value of this kind.
 */
export function chooseOption(schema: core.$ZodType, tree: Tree): Choice | undefined {
  const { def } = coreSchema(schema)._zod;
  if (def.type !== 'union') return undefined;
  const candidates = candidatesAmong(def.options, tree);
  if (candidates.length < 2 || tree.fields === undefined) return candidates[0];
  const { fields } = tree;
  const marked = candidates.filter(({ marks }) => marks.some((name) => fields.has(name)));
  if (marked.length === 1) return marked[0]!;
  return marked.length === 0 ? fromTheRest(candidates, fields) : tooMany(marked, fields);
}
