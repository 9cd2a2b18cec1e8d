import { expect, test } from 'vitest';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import type { RecipeError } from '../../src/recipe/diagnostics/recipe-error.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

async function load(text: string) {
  const folder = temporaryFolder();
  await writeTree(folder, { 'recipe.yaml': text, 'a.c': '' });
  return loadRecipe('.', folder);
}

const published = 'from: { minirootfs: { distro: alpine, release: "3.20" } }';
const sha256 = '0'.repeat(64);

test.each([
  ['debs', 'from: { debs: { packages: [bash, tar] } }'],
  ['apk', 'from: { apk: { branch: "3.20", packages: [bash, tar] } }'],
])('packages: of a recipe of %s join those that it names, once each', async (kind, from) => {
  const { from: made } = await load(`name: a\n${from}\npackages: [zip, tar]\n`);
  expect(made).toMatchObject({ [kind]: { packages: ['bash', 'tar', 'zip'] } });
});

test.each([
  ['a published root filesystem', published],
  ['debootstrap', 'from: { debootstrap: { suite: trixie } }'],
])('packages: of %s may name a version', async (_, from) => {
  const { packages } = await load(`name: a\n${from}\npackages: [zip=3.0-12, tar]\n`);
  expect(packages).toEqual(['zip=3.0-12', 'tar']);
});

test.each([
  [
    'a program',
    'from: { static: { toolchain: gcc-musl, sources: [a.c] } }',
    'packages: [bash]',
    [3, 1, 'packages cannot be added to a static program: nothing in its rootfs installs them'],
  ],
  [
    'an archive by URL',
    `epoch: 1\nfrom: { minirootfs: { url: "https://example.org/x.tar", sha256: "${sha256}" } }`,
    'packages:\n  - bash',
    [4, 1, 'packages cannot be added to an archive by URL or beside the recipe'],
  ],
  [
    'debs with a version',
    'from: { debs: { packages: [bash] } }',
    'packages: [tar, zip=3.0]',
    [3, 17, 'expected a Debian package name, for instance libc6-dev or git/trixie-backports'],
  ],
  [
    'an option of a package manager',
    published,
    'packages: [--allow-untrusted]',
    [
      3,
      12,
      'expected a package, for instance ca-certificates, ca-certificates=20241010, git/trixie-backports or libc6:i386',
    ],
  ],
])(
  'packages: of %s are refused at their place',
  async (_, from, packages, [line, column, message]) => {
    const error = (await refusal(load(`name: a\n${from}\n${packages}\n`))) as RecipeError;
    expect(error.diagnostics).toMatchObject([{ line, column, message }]);
  },
);
