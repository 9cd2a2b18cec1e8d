import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/base/package-root.ts';
import {
  kinds,
  listRecipes,
  listToolchains,
  loadBuilder,
  loadRecipe,
} from '../../src/kinds/kinds.ts';
import { builtInRecipes, builtInToolchains } from '../../src/recipe/find.ts';
import { loadToolchain } from '../../src/recipe/load.ts';
import { temporaryFolder } from '../support/folder.ts';
import { writeTree } from '../support/recipe.ts';

const now = new Date('2026-11-20T00:00:00Z');
const support = {
  title: 'Debian 13 (trixie)',
  until: '2028-08-09',
  longTerm: '2030-06-30',
};

test('recipes are listed by name, with what they are and until when that is supported', async () => {
  const root = temporaryFolder();
  const debs = 'from: { debs: { packages: [libc6] } }\n';
  const program = 'from: { static: { toolchain: gcc, sources: [b.c] } }\n';
  const compiler = 'toolchain: { libc: none, cc: [cc], cxx: [c++], strip: [strip] }\n';
  await writeTree(root, {
    'recipes/c.yaml': `name: c\ndescription: The third.\n${debs}`,
    'recipes/b/recipe.yaml': `name: b\n${program}`,
    'recipes/b/b.c': '',
    'recipes/notes.txt': '',
    'recipes/empty/notes.txt': '',
    'toolchains/gcc.yaml': `name: gcc\n${debs}${compiler}`,
  });
  expect(await listRecipes(now, root)).toEqual([
    { name: 'b', description: '', kind: 'static', file: join(root, 'recipes/b/recipe.yaml') },
    {
      ...{ name: 'c', description: 'The third.', kind: 'debs', support },
      file: join(root, 'recipes/c.yaml'),
    },
  ]);
  expect(await listToolchains(now, root)).toEqual([
    {
      name: 'gcc',
      description: '',
      kind: 'debs',
      support,
      file: join(root, 'toolchains/gcc.yaml'),
    },
  ]);
});

test('every recipe that ships is sound, described, and named as it is called', async () => {
  for (const { name } of await builtInRecipes(packageRoot)) {
    const recipe = await loadRecipe(name, '/');
    expect(recipe.name).toBe(name);
    expect(recipe.description).toMatch(/^[A-Z].+\.$/);
    await loadBuilder(recipe, '/');
  }
});

test('every toolchain that ships is sound and described', async () => {
  const { origin } = await loadRecipe('hello', '/');
  for (const { name } of await builtInToolchains(packageRoot)) {
    const toolchain = await loadToolchain(name, origin, { cwd: '/', kinds });
    expect(toolchain.origin.builtIn).toBe(true);
    expect(toolchain.description).toMatch(/^[A-Z].+\.$/);
  }
});
