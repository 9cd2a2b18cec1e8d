import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import { keepOutputsApart } from '../../src/pipeline/outputs-apart.ts';
import { temporaryFolder } from '../support/folder.ts';
import { writeTree } from '../support/recipe.ts';

const recipe = `name: own
from:
  static:
    toolchain: gcc-musl
    folder: project
    ignore: [dist/, "*.tar"]
    build: [[make]]
    programs: { own: /own }
`;

async function place(out: string, dest?: string) {
  const folder = temporaryFolder();
  await writeTree(folder, { 'recipe.yaml': recipe, 'project/Makefile': '' });
  const plan = { recipe: await loadRecipe('.', folder), toolchain: undefined };
  const outputs = dest === undefined ? [] : [{ type: 'docker', dest: join(folder, dest) }];
  keepOutputsApart({ ...plan, outDir: join(folder, out) }, { outputs });
}

test.each([
  ['out', undefined],
  ['project/mkbase-out/own', undefined],
  ['project/dist', undefined],
  ['project/dist/deeper/out', undefined],
  ['project-out', 'image.tar'],
  ['out', 'project/image.tar'],
])('outputs at %s and %s are apart from the sources', async (out, dest) => {
  await expect(place(out, dest)).resolves.toBeUndefined();
});

test.each([
  ['project', undefined],
  ['project/out', undefined],
  ['project/sub/dist2', undefined],
  ['out', 'project/image.oci'],
  ['out', 'project/rootfs/'],
])('outputs at %s and %s would be sources of the next build', async (out, dest) => {
  await expect(place(out, dest)).rejects.toMatchObject({ code: 'USAGE' });
});
