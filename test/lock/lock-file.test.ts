import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockText, readLock } from '../../src/lock/lock-file.ts';
import type { Lock } from '../../src/lock/locked.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mkbase-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lock: Lock = {
  lockVersion: 1,
  recipe: 'demo',
  platform: 'linux/amd64',
  epoch: 1_700_000_000,
  request: 'a'.repeat(64),
};

test('what is written is read back', async () => {
  const file = join(folder, 'lock.json');
  writeFileSync(file, lockText(lock));
  expect(await readLock(file)).toEqual(lock);
});

test('the order in which its fields were put together does not show in the text', () => {
  const { recipe, ...rest } = lock;
  expect(lockText({ recipe, ...rest })).toBe(lockText(lock));
});

test('a folder without a lock has none, and that is no error', async () => {
  expect(await readLock(join(folder, 'lock.json'))).toBeUndefined();
});

test.each([
  ['cut short', (text: string) => text.slice(0, -5)],
  ['of another version', (text: string) => text.replace('"lockVersion": 1', '"lockVersion": 2')],
  ['not in canonical form', (text: string) => text.replace('\n', '\n\n')],
  ['empty', () => ''],
  ['of a platform that there is not', (text: string) => text.replace('amd64', '../..')],
])('a lock that is %s is refused with what to do', async (_, change) => {
  const file = join(folder, 'lock.json');
  writeFileSync(file, change(lockText(lock)));
  await expect(readLock(file)).rejects.toMatchObject({
    code: 'IO',
    message: expect.stringContaining(file),
    hint: expect.stringContaining('--no-cache'),
  });
});
