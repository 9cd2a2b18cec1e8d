import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import { fingerprintsBefore, localFiles } from '../../src/pipeline/local-files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

const recipe = (line: string) => `name: own
from: { debs: { packages: [libc6] } }
files:
  - { path: /etc/own.conf, content: a }
  - ${line}
`;

/** A folder with a recipe that has such a line, and a web site beside it. */
async function project(line: string) {
  const folder = temporaryFolder();
  await writeTree(folder, {
    'recipe.yaml': recipe(line),
    'site/index.html': '<p>',
    'site/cgi/run': '#!/bin/sh\n',
    'site/notes~': '',
  });
  chmodSync(join(folder, 'site/cgi/run'), 0o700);
  symlinkSync('index.html', join(folder, 'site/index.htm'));
  return folder;
}

test('a folder is a line for each of its files, folders and links, in its place', async () => {
  const folder = await project('{ path: /srv/www, folder: site, ignore: ["*~"] }');
  const { files, folders } = await loadRecipe('.', folder);
  const owner = { owner: 0, group: 0 };
  expect(files.slice(1)).toEqual([
    { path: '/srv/www/cgi/run', source: 'site/cgi/run', mode: '0755', ...owner },
    { path: '/srv/www/index.htm', symlink: 'index.html' },
    { path: '/srv/www/index.html', source: 'site/index.html', mode: '0644', ...owner },
  ]);
  expect(folders?.map(({ tree }) => tree)).toEqual([{ path: 'site', ignore: ['*~'] }]);
});

test('its folders are placed where they have an owner of their own, or nothing in them', async () => {
  const folder = await project('{ path: /, folder: site/, ignore: ["*", "!/cgi/"], owner: 7 }');
  const { files } = await loadRecipe('.', folder);
  const directory = { directory: true, mode: '0755', owner: 7, group: 0 };
  expect(files.slice(1)).toEqual([{ path: '/cgi', ...directory }]);
  const other = await project('{ path: /srv, folder: site, ignore: ["*", "!/cgi/"], group: 7 }');
  const paths = (await loadRecipe('.', other)).files.slice(1).map(({ path }) => path);
  expect(paths).toEqual(['/srv', '/srv/cgi']);
});

test('a recipe that extends one with a folder has its files, from beside that one', async () => {
  const folder = await project('{ path: /srv, folder: site, ignore: [] }');
  await writeTree(folder, { 'top/recipe.yaml': 'name: top\nextends: ../recipe.yaml\n' });
  const { files, folders } = await loadRecipe('./top', folder);
  expect(files).toHaveLength(5);
  expect(files.every(({ beside }) => beside?.folder === folder)).toBe(true);
  expect(folders?.[0]?.origin.folder).toBe(folder);
});

test('a file more is noticed by the next build, and one that is changed is in the evidence', async () => {
  const folder = await project('{ path: /srv, folder: site, ignore: ["*~"] }');
  const plan = async () => ({ recipe: await loadRecipe('.', folder), toolchain: undefined });
  const before = await plan();
  const [prints, files] = [await fingerprintsBefore(before), await localFiles(before)];
  expect(files.map(({ path }) => path)).toEqual(['site/cgi/run', 'site/index.html']);
  await writeTree(folder, { 'site/other~': '' });
  expect(await fingerprintsBefore(before)).toEqual(prints);
  await writeTree(folder, { 'site/more.html': '' });
  expect(await fingerprintsBefore(before)).not.toEqual(prints);
  expect(await localFiles(await plan())).toHaveLength(3);
});

test.each([
  ['{ path: /srv, folder: site/index.html }', '5:27', 'expected a folder, found a file'],
  ['{ path: /srv, folder: sit }', '5:27', 'there is no file "sit"'],
  ['{ path: /srv, folder: ../site }', '5:27', 'expected a folder beside the recipe'],
  ['{ path: /srv, source: site }', '5:27', 'a folder is taken whole with "folder"'],
  ['{ path: /srv, folder: site, mode: "0600" }', '5:33', 'unknown field "mode"'],
])('%s is refused in its place', async (line, place, message) => {
  const error = await refusal(loadRecipe('.', await project(line)));
  expect(error.message).toContain(message);
  expect(error.message).toContain(`recipe.yaml:${place}: `);
});

test.each([
  ['@options', '.'],
  ['-x', '.'],
  ['a\nb', 'odd'],
])('a file named %j that no recipe could name is refused', async (name, under) => {
  const folder = await project(`{ path: /srv, folder: ${under}, ignore: [site] }`);
  await writeTree(folder, { [join(under, name)]: '' });
  const error = await refusal(loadRecipe('.', folder));
  expect(error).toMatchObject({ code: 'RECIPE_INVALID' });
  expect(error.message).toContain('is no name that a recipe could give a file');
});

test.each(['/etc/shadow', '../../up'])('a link to %s is refused', async (target) => {
  const folder = await project('{ path: /srv, folder: site }');
  symlinkSync(target, join(folder, 'site/leak'));
  const error = await refusal(loadRecipe('.', folder));
  expect(error.message).toContain('recipe.yaml:5:27: "leak" is a link that leaves the folder');
});
