import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kinds } from '../../../src/kinds/kinds.ts';
import {
  type JsonSchema,
  recipeJsonSchema,
  toolchainJsonSchema,
} from '../../../src/recipe/schema/json-schema.ts';
import { recipeSchema } from '../../../src/recipe/schema/schema.ts';

const folder = join(import.meta.dirname, '../../../schema');

/** The schema at a path of field names; the items of a list are at '*'. */
const below = (schema: JsonSchema, ...path: string[]): Record<string, unknown> =>
  path.reduce<Record<string, unknown>>(
    (current, name) =>
      (name === '*'
        ? current.items
        : (current.properties as Record<string, unknown>)[name]) as Record<string, unknown>,
    schema,
  );

/** Paths of the fields that an editor would show without an explanation. */
function undescribed(schema: Record<string, unknown>, path: readonly string[] = []): string[] {
  const { properties = {}, items, additionalProperties, anyOf = [] } = schema;
  const fields = Object.entries(properties as Record<string, Record<string, unknown>>);
  const inner = [items, additionalProperties]
    .filter((value) => typeof value === 'object')
    .map((value) => ['*', value] as const);
  return [
    ...fields.flatMap(([name, field]) =>
      'description' in field ? [] : [[...path, name].join('.')],
    ),
    ...[...fields, ...inner].flatMap(([name, field]) =>
      undescribed(field as Record<string, unknown>, [...path, name]),
    ),
    ...(anyOf as Record<string, unknown>[]).flatMap((option) => undescribed(option, path)),
  ];
}

test.each([
  ['recipe.schema.json', recipeJsonSchema],
  ['toolchain.schema.json', toolchainJsonSchema],
])('%s is what the schema says (UPDATE_SCHEMA=1 writes it)', async (name, generate) => {
  const file = join(folder, name);
  const generated = `${JSON.stringify(generate(kinds), null, 2)}\n`;
  if (process.env.UPDATE_SCHEMA === '1') await writeFile(file, generated);
  expect(await readFile(file, 'utf8')).toBe(generated);
});

test('names itself and its draft', () => {
  expect(recipeJsonSchema(kinds)).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:mkbase:schema:recipe',
    title: 'mkbase recipe',
    type: 'object',
    required: ['name'],
    anyOf: [{ required: ['from'] }, { required: ['extends'] }],
    additionalProperties: false,
  });
  expect(toolchainJsonSchema(kinds)).toMatchObject({
    $id: 'urn:mkbase:schema:toolchain',
    required: ['name', 'from'],
  });
});

test('describes every field of a recipe, and refuses others in every object', () => {
  const schema = recipeJsonSchema(kinds);
  expect(Object.keys(schema.properties as object)).toEqual(Object.keys(recipeSchema(kinds).shape));
  expect(below(schema, 'from')).toMatchObject({ minProperties: 1, maxProperties: 1 });
  expect(below(schema, 'from', 'static')).toMatchObject({
    required: ['toolchain'],
    oneOf: [{ required: ['sources'] }, { required: ['folder'] }, { required: ['archive'] }],
    additionalProperties: false,
  });
  expect(below(schema, 'from', 'static', 'sources', '*')).toMatchObject({ type: 'string' });
  expect(below(schema, 'files', '*').anyOf).toHaveLength(7);
  expect(undescribed(schema)).toEqual(['files.*.directory']);
  expect(undescribed(toolchainJsonSchema(kinds))).toEqual(['files.*.directory']);
});

test('asks for nothing that has a default', () => {
  const schema = recipeJsonSchema(kinds);
  expect(below(schema, 'from', 'debs').required).toEqual(['packages']);
  expect(below(schema, 'test', '*').required).toEqual(['run']);
  expect(below(schema, 'from', 'debs', 'suite')).toMatchObject({ default: 'trixie' });
});
