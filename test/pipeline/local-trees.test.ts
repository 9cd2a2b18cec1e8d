import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import { fingerprintsBefore, localFiles } from '../../src/pipeline/local-files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { writeTree } from '../support/recipe.ts';

const recipe = `name: own
from:
  static:
    toolchain: gcc-musl
    folder: .
    ignore: ["*.o"]
    build: [[make]]
    programs: { own: /own }
`;

async function project() {
  const folder = temporaryFolder();
  await writeTree(folder, { 'recipe.yaml': recipe, 'src/main.c': 'int main;\n', 'main.o': '' });
  const plan = { recipe: await loadRecipe('.', folder), toolchain: undefined };
  return { folder, plan };
}

test('a folder of sources is one input, called by its name and the digest of its tree', async () => {
  const { plan } = await project();
  expect(await localFiles(plan)).toEqual([
    { path: './', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), beside: plan.recipe.origin },
  ]);
});

test.each<[string, (folder: string) => void]>([
  ['other contents', (folder) => writeFileSync(join(folder, 'src/main.c'), 'int MAIN;\n')],
  ['a file more', (folder) => writeFileSync(join(folder, 'src/more.c'), '')],
  ['a link', (folder) => symlinkSync('main.c', join(folder, 'src/link.c'))],
  ['a file that can be run', (folder) => chmodSync(join(folder, 'src/main.c'), 0o755)],
])('a build notices %s in it, and so does the evidence', async (_, change) => {
  const { folder, plan } = await project();
  const [prints, files] = [await fingerprintsBefore(plan), await localFiles(plan)];
  change(folder);
  expect(await fingerprintsBefore(plan)).not.toEqual(prints);
  expect(await localFiles(plan)).not.toEqual(files);
});

test('what is ignored is no change', async () => {
  const { folder, plan } = await project();
  const [prints, files] = [await fingerprintsBefore(plan), await localFiles(plan)];
  await writeTree(folder, { 'main.o': 'more', 'src/x.o': '', '.git/HEAD': '', 'mkbase-out/a': '' });
  expect(await fingerprintsBefore(plan)).toEqual(prints);
  expect(await localFiles(plan)).toEqual(files);
});
