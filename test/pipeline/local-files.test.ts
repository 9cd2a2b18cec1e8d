import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { writeTree } from '../support/recipe.ts';

const files = {
  'base/recipe.yaml': `name: base
from: { static: { toolchain: cc, sources: [a.c], include: [include] } }
files: [{ path: /a, source: a.conf }, { path: /b, source: b.conf }]
`,
  'base/a.c': '',
  'base/include/a.h': '',
  'base/a.conf': '',
  'base/b.conf': '',
  'base/toolchains/cc.yaml': 'name: cc\nfrom: { debs: { packages: [gcc] } }\n',
  'middle.yaml': 'name: middle\nextends: ./base\n',
  'recipe.yaml': 'name: top\nextends: middle.yaml\nfiles: [{ path: /b, source: own.conf }]\n',
  'own.conf': '',
};

test('a build reads the recipes that its own adds to, and what stands beside them', async () => {
  const folder = temporaryFolder();
  await writeTree(folder, files);
  const recipe = await loadRecipe('.', folder);
  const toolchain = await loadBuilder(recipe);
  const looks = await looksBefore({ recipe, toolchain });
  const read = Object.keys(looks).map((path) => path.slice(folder.length + 1));
  expect(read.sort()).toEqual([
    'base/a.c',
    'base/a.conf',
    'base/include',
    'base/recipe.yaml',
    'base/toolchains/cc.yaml',
    'middle.yaml',
    'own.conf',
    'recipe.yaml',
  ]);
  const [, base] = recipe.ancestors;
  expect(looks[join(folder, 'base/recipe.yaml')]).toBe(contentLook(base?.sha256 ?? ''));
});
