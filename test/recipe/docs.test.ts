import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { apk } from '../../src/kinds/apk/schema.ts';
import { debootstrap } from '../../src/kinds/debootstrap/schema.ts';
import { debs } from '../../src/kinds/debs/schema.ts';
import { kinds, loadRecipe } from '../../src/kinds/kinds.ts';
import { minirootfsArchive, publishedMinirootfs } from '../../src/kinds/minirootfs/schema.ts';
import { staticProgram } from '../../src/kinds/static/schema.ts';
import { recipeJsonSchema } from '../../src/recipe/schema/json-schema.ts';
import { imageSettings, recipeSchema, smokeTest } from '../../src/recipe/schema/schema.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

const docs = await readFile(join(import.meta.dirname, '../../docs/recipes.md'), 'utf8');
const examples = [...docs.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
const named = examples.map((text) => [(parse(text) as { name: string }).name, text] as const);

/** Empty stand-ins for the files that a recipe names beside itself. */
function standIns(text: string): Record<string, string> {
  const beside = /[\w./-]+\.(?:c|cc|cpp|S|asc|conf|pub)\b/g;
  const { from = {}, files = [] } = parse(text) as {
    from?: {
      debs?: { keyrings?: string[] };
      debootstrap?: { keyrings?: string[] };
      apk?: { keys?: string[] };
      rpm?: { keys?: string[] };
      pacman?: { keys?: string[] };
      minirootfs?: { file?: string };
      static?: { sources?: string[]; folder?: string; include?: string[]; archive?: unknown };
    };
    files?: { source?: string; folder?: string }[];
  };
  const { sources = [], folder, include = [], archive = {} } = from.static ?? {};
  const { file: boxed } = archive as { file?: string };
  const signers =
    JSON.stringify([archive, from.minirootfs ?? {}]).match(/(?<="key":")[^"]*/g) ?? [];
  const { keyrings = [], keys = [] } = {
    ...from.debs,
    ...from.debootstrap,
    ...from.apk,
    ...from.rpm,
    ...from.pacman,
  };
  const paths = [
    ...keyrings,
    ...keys,
    ...sources,
    ...signers,
    ...files.flatMap(({ source = [] }) => source),
  ];
  expect(paths.every((path) => path.match(beside))).toBe(true);
  return Object.fromEntries([
    ...paths.map((path) => [path, ''] as const),
    ...files.flatMap(({ folder }) => (folder ? [[`${folder}/x`, ''] as const] : [])),
    ...(from.minirootfs?.file ? [[from.minirootfs.file, ''] as const] : []),
    ...(boxed === undefined ? [] : [[boxed, ''] as const]),
    ...(folder === undefined ? [] : [[`${folder}/Makefile`, ''] as const]),
    ...include.map((path) => [`${path}/x.h`, ''] as const),
  ]);
}

test.each(named)('the example %s is a sound recipe', async (name, text) => {
  const folder = temporaryFolder();
  await writeTree(folder, { ...standIns(text), 'recipe.yaml': text });
  expect((await loadRecipe('.', folder)).name).toBe(name);
});

/** The fields that an entry of `files` can have, whatever it makes. */
function filesFields(): object {
  const { properties } = recipeJsonSchema(kinds) as { properties: { files: { items: Items } } };
  return Object.assign({}, ...properties.files.items.anyOf.map((option) => option.properties));
}

interface Items {
  readonly anyOf: readonly { readonly properties: object }[];
}

test('the examples between them use every field', () => {
  const used = (path: string[]) =>
    examples.flatMap((text) => {
      const found = path.reduce<unknown>(
        (value, key) => (value as Record<string, unknown> | undefined)?.[key],
        parse(text),
      );
      return [found].flat().flatMap((value) => Object.keys(value ?? {}));
    });
  const unused = (fields: object, path: string[]) =>
    Object.keys(fields).filter((field) => !used(path).includes(field));
  expect(unused(recipeSchema(kinds).shape, [])).toEqual([]);
  expect(unused(debs.shape, ['from', 'debs'])).toEqual([]);
  expect(unused(staticProgram.shape, ['from', 'static'])).toEqual([]);
  expect(unused(debootstrap.shape, ['from', 'debootstrap'])).toEqual([]);
  expect(unused(apk.shape, ['from', 'apk'])).toEqual([]);
  const minirootfs = { ...publishedMinirootfs.shape, ...minirootfsArchive.shape };
  expect(unused(minirootfs, ['from', 'minirootfs'])).toEqual([]);
  expect(unused(filesFields(), ['files'])).toEqual([]);
  expect(unused(imageSettings.shape, ['image'])).toEqual([]);
  expect(unused(smokeTest.shape, ['test'])).toEqual([]);
});

test('the text names every field', () => {
  const schemas = [debs, staticProgram, publishedMinirootfs, minirootfsArchive, debootstrap, apk];
  const shapes = [recipeSchema(kinds), ...schemas, imageSettings, smokeTest];
  for (const field of shapes.flatMap(({ shape }) => Object.keys(shape))) {
    expect(docs).toMatch(new RegExp(`^\\| \`${field}\` +\\|`, 'm'));
  }
});

test('the message that the text shows is the one that comes', async () => {
  const [, shown = ''] = /^```\n(1 mistake in .*?)\n```$/ms.exec(docs) ?? [];
  const folder = temporaryFolder();
  const text = (examples[0] ?? '').replace('[greet.c]\n', '[greet.c]\n    flag: [-Os]\n');
  await writeTree(folder, { 'greet.c': '', 'recipe.yaml': text });
  const { message } = await refusal(loadRecipe('.', folder));
  expect(message).toBe(shown);
});
