import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { ownedName } from '../../src/store/owner.ts';
import { stage } from '../../src/store/staging.ts';
import { temporaryFolder } from '../support/folder.ts';

const fillWith = (text: string) => (path: string) => writeFile(path, text);

async function fillFolder(path: string) {
  await mkdir(path);
  await writeFile(join(path, 'new'), 'new');
}

/** The part of a hidden name that says whose it is. */
const ownedPart = (path: string) =>
  basename(path)
    .split('.')
    .find((part) => part.includes(`-${process.pid}-`)) ?? '';

/** What a process that has ended would have called a temporary file. */
const deadOwner = async () =>
  (await ownedName()).replace(`-${process.pid}-`, `-${spawnSync('true').pid}-`);

test('a staged file shows under its name only after the commit', async () => {
  const dest = join(temporaryFolder(), 'file');
  writeFileSync(dest, 'old');
  const staged = await stage(dest, 'file', fillWith('new'));
  expect(readFileSync(dest, 'utf8')).toBe('old');
  await staged.commit();
  expect(readFileSync(dest, 'utf8')).toBe('new');
  expect(readdirSync(join(dest, '..'))).toEqual(['file']);
});

test('a discarded file leaves the old one, and no folder that was made for it', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), 'old');
  await (await stage(join(folder, 'file'), 'file', fillWith('new'))).discard();
  await (await stage(join(folder, 'a/b/c/file'), 'file', fillWith('new'))).discard();
  expect(readdirSync(folder)).toEqual(['file']);
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
});

test('discarding does not remove a folder that something else was put into', async () => {
  const folder = temporaryFolder();
  const staged = await stage(join(folder, 'a/b/file'), 'file', fillWith('new'));
  writeFileSync(join(folder, 'a/other'), '');
  await staged.discard();
  expect(readdirSync(join(folder, 'a'))).toEqual(['other']);
});

test('a filling that fails leaves nothing and names the file', async () => {
  const folder = temporaryFolder();
  const failing = stage(join(folder, 'a/file'), 'file', async (path) => {
    await writeFile(path, 'half');
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  });
  await expect(failing).rejects.toMatchObject({
    code: 'NO_SPACE',
    message: expect.stringContaining(join(folder, 'a/file')),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that cannot be made is an error with its path', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a'), '');
  await expect(stage(join(folder, 'a/file'), 'file', fillWith(''))).rejects.toMatchObject({
    code: 'IO',
    message: expect.stringContaining(join(folder, 'a/file')),
  });
});

test('a folder takes the place of an older one, and nothing of that is left', async () => {
  const folder = temporaryFolder();
  const dest = join(folder, 'layout');
  mkdirSync(dest);
  writeFileSync(join(dest, 'old'), 'old');
  const staged = await stage(dest, 'folder', fillFolder);
  expect(readdirSync(dest)).toEqual(['old']);
  await staged.commit();
  expect(readdirSync(dest)).toEqual(['new']);
  expect(readdirSync(folder)).toEqual(['layout']);
});

test('what a killed run was writing is removed by the next one', async () => {
  const folder = temporaryFolder();
  const left = join(folder, `.file.${await deadOwner()}.new`);
  mkdirSync(left);
  writeFileSync(join(left, 'x'), '');
  await (await stage(join(folder, 'file'), 'file', fillWith('new'))).commit();
  expect(readdirSync(folder)).toEqual(['file']);
});

test('a name as long as a file system takes is staged, and its leftovers are found', async () => {
  const dest = join(temporaryFolder(), 'n'.repeat(255));
  const left = await stage(dest, 'file', fillWith('half'));
  const [hidden = ''] = readdirSync(join(dest, '..'));
  expect(left.path).toBe(join(dest, '..', hidden));
  renameSync(left.path, left.path.replace(ownedPart(left.path), await deadOwner()));
  const staged = await stage(dest, 'file', fillWith('whole'));
  await staged.commit();
  expect(readdirSync(join(dest, '..'))).toEqual(['n'.repeat(255)]);
  expect(readFileSync(dest, 'utf8')).toBe('whole');
});

test('what a living run is writing, or belongs to another file, stays', async () => {
  const folder = temporaryFolder();
  const living = `.file.${await ownedName()}.new`;
  const other = `.other.${await deadOwner()}.new`;
  for (const name of [living, other, '.file.', '.file.mkbase-1.new']) {
    writeFileSync(join(folder, name), '');
  }
  await (await stage(join(folder, 'file'), 'file', fillWith('new'))).commit();
  expect(readdirSync(folder).sort()).toEqual(
    [living, other, '.file.', '.file.mkbase-1.new', 'file'].sort(),
  );
});

test('a folder whose replacement was killed between two renames comes back', async () => {
  const folder = temporaryFolder();
  const dest = join(folder, 'layout');
  const aside = join(folder, `.layout.${await deadOwner()}.old`);
  mkdirSync(aside);
  writeFileSync(join(aside, 'old'), '');
  const staged = await stage(dest, 'folder', fillFolder);
  expect(readdirSync(dest)).toEqual(['old']);
  await staged.discard();
  expect(existsSync(aside)).toBe(false);
  expect(readdirSync(dest)).toEqual(['old']);
});
