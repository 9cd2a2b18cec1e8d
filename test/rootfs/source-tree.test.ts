import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceTree, sourceTreeDigest } from '../../src/rootfs/source-tree.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

const whole = { path: '.', ignore: [] };

async function project(): Promise<string> {
  const folder = temporaryFolder();
  await writeTree(folder, { configure: '#!/bin/sh\n', 'src/main.c': 'int main;\n', 'src/a.h': '' });
  chmodSync(join(folder, 'configure'), 0o755);
  symlinkSync('main.c', join(folder, 'src/link.c'));
  return folder;
}

test('a tree has one form: modes 755 and 644, owner 0:0, no times', async () => {
  const folder = await project();
  const entries = await sourceTree(folder, whole);
  expect(entries.map(({ path, type, mode }) => `${path} ${type} ${mode.toString(8)}`)).toEqual([
    'configure file 755',
    'src directory 755',
    'src/a.h file 644',
    'src/link.c symlink 777',
    'src/main.c file 644',
  ]);
  expect(entries.every(({ uid, gid, mtime }) => uid + gid + mtime === 0)).toBe(true);
});

test('the digest tells every change that a build can see, and no other', async () => {
  const folder = await project();
  const before = await sourceTreeDigest(folder, whole);
  const same = () => sourceTreeDigest(folder, whole).then((digest) => digest === before);
  utimesSync(join(folder, 'src/main.c'), 1, 1);
  chmodSync(join(folder, 'src/main.c'), 0o660);
  chmodSync(join(folder, 'src'), 0o700);
  expect(await same()).toBe(true);
  chmodSync(join(folder, 'src/main.c'), 0o700);
  expect(await same()).toBe(false);
  chmodSync(join(folder, 'src/main.c'), 0o600);
  expect(await same()).toBe(true);
  writeFileSync(join(folder, 'src/main.c'), 'int Main;\n');
  expect(await same()).toBe(false);
  writeFileSync(join(folder, 'src/main.c'), 'int main;\n');
  rmSync(join(folder, 'src/link.c'));
  expect(await same()).toBe(false);
  symlinkSync('a.h', join(folder, 'src/link.c'));
  expect(await same()).toBe(false);
});

test('names that share a file are two files', async () => {
  const folder = await project();
  linkSync(join(folder, 'src/main.c'), join(folder, 'src/twin.c'));
  const entries = await sourceTree(folder, { path: 'src/', ignore: ['link.c'] });
  expect(entries.map(({ path, type }) => `${path} ${type}`)).toEqual([
    'a.h file',
    'main.c file',
    'twin.c file',
  ]);
});

test.each<[string, (folder: string) => void]>([
  ['a link out of it', (folder) => symlinkSync('../../etc', join(folder, 'src/leak'))],
  ['a pipe in it', (folder) => execFileSync('mkfifo', [join(folder, 'src/pipe')])],
  ['nothing there', (folder) => rmSync(join(folder, 'src'), { recursive: true })],
  [
    'a link in its place',
    (folder) => {
      rmSync(join(folder, 'src'), { recursive: true });
      symlinkSync('/usr/include', join(folder, 'src'));
    },
  ],
])('a tree with %s is refused, whatever the recipe was checked for', async (_, spoil) => {
  const folder = await project();
  spoil(folder);
  const error = await refusal(sourceTree(folder, { path: 'src', ignore: [] }));
  expect(error).toMatchObject({ code: 'RECIPE_INVALID', about: ['src'] });
});
