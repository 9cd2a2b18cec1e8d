import { type core, safeParse } from 'zod';
import type { Mistake } from './diagnostic.ts';
import { explain } from './explain.ts';
import { issueMessage } from './issue-message.ts';
import type { Tree } from './yaml-tree.ts';

/** The fields with their defaults, or all that is wrong with them. */
export type Checked<T> =
  | { readonly fields: T; readonly mistakes: readonly [] }
  | { readonly fields: undefined; readonly mistakes: readonly Mistake[] };

/** Applies a schema to a tree. `text` is what the tree was read from. */
export function check<Schema extends core.$ZodType>(
  schema: Schema,
  tree: Tree,
  text: string,
): Checked<core.output<Schema>> {
  const result = safeParse(schema, tree.value, { error: issueMessage });
  if (result.success) return { fields: result.data, mistakes: [] };
  return { fields: undefined, mistakes: explain(result.error.issues, schema, tree, text) };
}
