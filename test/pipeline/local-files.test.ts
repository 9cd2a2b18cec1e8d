import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadBuilder, loadRecipe } from '../../src/kinds/kinds.ts';
import { contentFingerprint } from '../../src/pipeline/build-cache.ts';
import { fingerprintsBefore } from '../../src/pipeline/local-files.ts';
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
  const toolchain = await loadBuilder(recipe, folder);
  const fingerprints = await fingerprintsBefore({ recipe, toolchain });
  const read = Object.keys(fingerprints).map((path) => path.slice(folder.length + 1));
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
  expect(fingerprints[join(folder, 'base/recipe.yaml')]).toBe(
    contentFingerprint(base?.sha256 ?? ''),
  );
});
