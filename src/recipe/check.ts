import { type core, safeParse } from 'zod';
import { explain } from './diagnostics/explain.ts';
import type { Mistake } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';

/** The fields with their defaults, or every mistake in them. */
type Checked<T> =
  | { readonly fields: T; readonly mistakes: readonly [] }
  | { readonly fields: undefined; readonly mistakes: readonly Mistake[] };

/** Applies a schema to a tree. `text` is the file that the tree was read from. */
export function check<Schema extends core.$ZodType>(
  schema: Schema,
  tree: Tree,
  text: string,
): Checked<core.output<Schema>> {
  const result = safeParse(schema, tree.value, { error: issueMessage });
  if (result.success) return { fields: result.data, mistakes: [] };
  return { fields: undefined, mistakes: explain(result.error.issues, schema, tree, text) };
}

/** Words the issues that the schema gives no message of its own; explain() words the others. */
function issueMessage(issue: core.$ZodRawIssue): string | undefined {
  if (issue.code === 'too_small') return bound('at least', issue.minimum, issue.origin);
  if (issue.code === 'too_big') return bound('at most', issue.maximum, issue.origin);
  return undefined;
}

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

function bound(word: string, limit: number | bigint, origin: string): string {
  const unit = units[origin];
  if (unit === undefined) return `expected a number of ${word} ${limit}`;
  return `expected ${word} ${limit} ${unit[limit === 1 ? 0 : 1]}`;
}

function step(tree: Tree, name: string): readonly Tree[] {
  if (name === '*') return tree.items ?? [];
  const field = tree.fields?.get(name);
  return field === undefined ? [] : [field.tree];
}

/** Returns the trees at a path of field names joined by dots; none if the file holds something else. */
export const treesAt = (tree: Tree, path: string): readonly Tree[] =>
  path
    .split('.')
    .reduce<readonly Tree[]>((trees, name) => trees.flatMap((each) => step(each, name)), [tree]);
