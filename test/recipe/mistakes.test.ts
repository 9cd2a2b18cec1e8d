import { copyFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import { RecipeError } from '../../src/recipe/diagnostics/recipe-error.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

const golden = join(import.meta.dirname, '../golden/recipe');
/** Every `<case>.yaml` there stands beside the message that it is refused with. */
const cases = (await readdir(golden))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => basename(name, '.yaml'))
  .sort();

/** A folder with what the cases name, and the toolchains that ship with mkbase. */
async function surroundings(): Promise<string> {
  const outside = temporaryFolder();
  await writeTree(outside, { 'secret.txt': 'secret', 'secret.c': 'secret' });
  const folder = temporaryFolder();
  await writeTree(folder, { 'hello.c': '', 'folder/inner.c': '', 'b.txt': '' });
  await symlink(join(outside, 'secret.txt'), join(folder, 'outside.txt'));
  await symlink(join(outside, 'secret.c'), join(folder, 'outside.c'));
  await symlink('hello.c', join(folder, 'inside.c'));
  await writeTree(folder, { 'leaks/a.c': '' });
  await symlink('../../secret.c', join(folder, 'leaks/up.c'));
  await writeTree(folder, { 'mkbase/toolchains/gcc-musl.yaml': '' });
  await writeTree(folder, { 'mkbase/toolchains/gcc-glibc.yaml': '' });
  await writeTree(folder, { 'mkbase/recipes/alpine.yaml': '' });
  return folder;
}

test.each(cases)('%s is refused with every mistake shown in its place', async (name) => {
  const folder = await surroundings();
  await copyFile(join(golden, `${name}.yaml`), join(folder, 'recipe.yaml'));
  const error = await refusal(loadRecipe('.', folder, join(folder, 'mkbase')));
  await expect(`${error.message}\n`).toMatchFileSnapshot(join(golden, `${name}.txt`));
});

test('mistakes are kept as data beside the message', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'recipe.yaml');
  await writeFile(file, 'name: 日本\nfrom: { debs: { packages: [libc6] } }\nflag: x\n');
  const error = await refusal(loadRecipe('./recipe.yaml', folder));
  expect(error).toBeInstanceOf(RecipeError);
  expect(error.code).toBe('RECIPE_INVALID');
  expect((error as RecipeError).diagnostics).toEqual([
    {
      file,
      line: 1,
      column: 7,
      message: 'expected a name of lower-case letters and digits, joined by single ".", "_" or "-"',
    },
    {
      file,
      line: 3,
      column: 1,
      message: 'unknown field "flag"',
      hint: expect.stringContaining('expected one of name, '),
    },
  ]);
});

test('the file is shown relative to the working folder, or whole when it is elsewhere', async () => {
  const folder = temporaryFolder();
  await writeTree(folder, { 'a/b/recipe.yaml': 'x' });
  const inside = await refusal(loadRecipe('a/b', folder));
  expect(inside.message).toContain('\na/b/recipe.yaml:1:1: ');
  const outside = await refusal(loadRecipe('../a/b', join(folder, 'elsewhere')));
  expect(outside.message).toContain(`\n${folder}/a/b/recipe.yaml:1:1: `);
});
