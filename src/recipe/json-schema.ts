import * as z from 'zod';
import { policySchema } from '../policy/schema.ts';
import { recipeSchema, toolchainSchema } from './schema.ts';

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Draft 7 is what the YAML language servers of editors know best. Described is what a person may write
 * (`input`), so a field with a default is not required.
 */
function jsonSchema(schema: z.ZodType, name: string, title: string): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-07' });
  return { $schema, $id: `urn:mkbase:schema:${name}`, title, ...rest };
}

/** The JSON Schema of `recipe.yaml`, committed as schema/recipe.schema.json. */
export const recipeJsonSchema = (): JsonSchema =>
  jsonSchema(recipeSchema, 'recipe', 'mkbase recipe');

/** The JSON Schema of a toolchain's file, committed as schema/toolchain.schema.json. */
export const toolchainJsonSchema = (): JsonSchema =>
  jsonSchema(toolchainSchema, 'toolchain', 'mkbase toolchain');

/** The JSON Schema of a policy's file, committed as schema/policy.schema.json. */
export const policyJsonSchema = (): JsonSchema =>
  jsonSchema(policySchema, 'policy', 'mkbase policy');
