import * as z from 'zod';
import type { RecipeKind } from '../kind.ts';
import { recipeSchema, toolchainSchema } from './schema.ts';

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Returns a schema of draft 7, which the YAML language servers of editors know best. It describes what
 * a person may write (`input`), so a field with a default is not required.
 */
export function jsonSchema(schema: z.ZodType, name: string, title: string): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-07' });
  return { $schema, $id: `urn:mkbase:schema:${name}`, title, ...rest };
}

/** Returns the JSON Schema of `recipe.yaml`, committed as schema/recipe.schema.json. */
export const recipeJsonSchema = (kinds: readonly RecipeKind[]): JsonSchema =>
  jsonSchema(recipeSchema(kinds), 'recipe', 'mkbase recipe');

/** Returns the JSON Schema of a toolchain's file, committed as schema/toolchain.schema.json. */
export const toolchainJsonSchema = (kinds: readonly RecipeKind[]): JsonSchema =>
  jsonSchema(toolchainSchema(kinds), 'toolchain', 'mkbase toolchain');
