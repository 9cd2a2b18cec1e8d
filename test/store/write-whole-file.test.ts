import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownedName } from '../../src/store/owner.ts';
import { writeNewFile, writeWholeFile } from '../../src/store/write-whole-file.ts';
import { temporaryFolder } from '../support/folder.ts';

test('a file is replaced, and nothing stays beside it, not even what a killed run left', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'lock.json');
  const dead = (await ownedName()).replace(`-${process.pid}-`, `-${spawnSync('true').pid}-`);
  writeFileSync(file, 'old');
  writeFileSync(join(folder, `.lock.json.${dead}.new`), 'half');
  await writeWholeFile(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['lock.json']);
});

test('a folder that is not there is an error and is not made', async () => {
  const folder = temporaryFolder();
  const writing = writeWholeFile(join(folder, 'missing/file'), 'text');
  await expect(writing).rejects.toMatchObject({
    code: 'IO',
    message: expect.stringContaining(join(folder, 'missing/file')),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('a new file takes the place of none', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'old');
  await expect(writeNewFile(file, 'new')).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(file, 'utf8')).toBe('old');
});
