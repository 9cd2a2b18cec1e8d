import { expect, test } from 'vitest';
import { chosenToolchain, loadBuilder, loadRecipe } from '../../src/kinds/kinds.ts';
import { sourceOf } from '../../src/recipe/kind.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

const recipe = (toolchain: string) => `name: own
from:
  static:
    toolchain: ${toolchain}
    sources: [a.c]
`;

const ownToolchain = (packages: string) => `name: gcc-musl
from: { debs: { packages: [${packages}] } }
files: [{ path: /usr/bin/cc, symlink: gcc }]
`;

/** The toolchain of a recipe beside which these files stand. */
async function builderOf(toolchain: string, files: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  await writeTree(folder, { 'recipe.yaml': recipe(toolchain), 'a.c': '', ...files });
  return loadBuilder(await loadRecipe('.', folder), folder);
}

interface Debs {
  readonly packages: readonly string[];
  readonly alternatives?: boolean;
}
const debsOf = async (toolchain: string, files = {}) =>
  sourceOf((await builderOf(toolchain, files))!.from) as Debs;

test('packages are added to those of the toolchain, once each, and their alternatives are made', async () => {
  const plain = await debsOf('gcc-musl');
  const more = await debsOf('{ extends: gcc-musl, packages: [perl, make, cmake] }');
  expect(more.packages).toEqual([...plain.packages, 'perl', 'cmake']);
  expect([plain.alternatives, more.alternatives]).toEqual([undefined, true]);
});

test('everything else stays as the toolchain has it', async () => {
  const plain = await builderOf('gcc-musl');
  const more = await builderOf('{ extends: gcc-musl, packages: [perl] }');
  expect({ ...more, from: undefined }).toEqual({ ...plain, from: undefined });
});

test('a toolchain beside the recipe comes first here, too', async () => {
  const files = { 'toolchains/gcc-musl.yaml': ownToolchain('gcc, musl-dev') };
  const { packages } = await debsOf('{ extends: gcc-musl, packages: [perl] }', files);
  expect(packages).toEqual(['gcc', 'musl-dev', 'perl']);
});

test('a recipe on top of such a program has its builder', async () => {
  const folder = temporaryFolder();
  await writeTree(folder, {
    'base/recipe.yaml': recipe('{ extends: gcc-musl, packages: [perl] }'),
    'base/a.c': '',
    'recipe.yaml': 'name: top\nextends: ./base\n',
  });
  const chosen = chosenToolchain(await loadRecipe('.', folder));
  expect(chosen).toEqual({ name: 'gcc-musl', tools: ['perl'] });
});

test('one that is not there is refused at its name', async () => {
  const error = await refusal(builderOf('{ extends: gcc-nowhere, packages: [perl] }'));
  expect(error.message).toContain('recipe.yaml:4:27: there is no toolchain "gcc-nowhere"');
});
