import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { digestOf } from '../../src/base/canonical-json.ts';
import { lockText, parseLock, readLock } from '../../src/lock/lock-file.ts';
import type { Lock } from '../../src/lock/schema.ts';
import { temporaryFolder } from '../support/folder.ts';
import { lockedDeb, lockedDebs, lockOf } from '../support/lock.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const lock: Lock = lockOf('debs', lockedDebs(lockedDeb('hello')), {
  request: digestOf({ packages: ['hello'] }),
  asked: { packages: ['hello'] },
});

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

test('white space, line endings and the order of keys do not matter', () => {
  const parsed = JSON.parse(lockText(lock));
  const reversed = Object.fromEntries(Object.entries(parsed).reverse());
  expect(parseLock(JSON.stringify(reversed), 'lock.json')).toEqual(lock);
  expect(parseLock(lockText(lock).replaceAll('\n', '\r\n'), 'lock.json')).toEqual(lock);
});

test.each([
  ['cut short', (text: string) => text.slice(0, -5), 'no JSON'],
  [
    'of another version',
    (text: string) => text.replace('"lockVersion": 2', '"lockVersion": 1'),
    'is a lock of version 1; this mkbase reads and writes version 2',
  ],
  ['empty', () => '', 'no JSON'],
  [
    'of a platform that there is not',
    (text: string) => text.replace('linux/amd64', '../..'),
    '"platform" holds what no lock does: .*expected one of "linux/amd64"',
  ],
  [
    'edited by hand',
    (text: string) => text.replace('"epoch": 1700000000', '"epoch": 1700000001'),
    '"epoch" was changed after it was written',
  ],
  [
    'given another field',
    (text: string) => text.replace('"epoch"', '"files": [], "epoch"'),
    '"files" was changed after it was written',
  ],
  [
    'robbed of a field',
    (text: string) => text.replace(/"digests": \{[^}]*\},/, ''),
    'was changed after it was written',
  ],
  [
    'pinning a package by what is no hash',
    (text: string) => text.replace(/"sha256": "[0-9a-f]+"/, '"sha256": "../../etc"'),
    '"from.debs.packages.0.sha256" holds what no lock does: expected a sha256',
  ],
  [
    'given a field that no lock has, in a part of it',
    (text: string) => text.replace('"indexes": [', '"more": 1, "indexes": ['),
    '"from.debs.more" holds what no lock does',
  ],
  ['no object', () => '[]', 'holds what no lock does'],
])('a lock that is %s is refused, naming the field and what to do', async (_, change, why) => {
  const file = join(folder, 'lock.json');
  writeFileSync(file, change(lockText(lock)));
  await expect(readLock(file)).rejects.toMatchObject({
    code: 'LOCK_INVALID',
    message: expect.stringMatching(new RegExp(`^${file} .*${why}`)),
    hint: expect.stringContaining('mkbase update'),
  });
});

test('a lock whose fields agree but not with what was asked for is refused', () => {
  const text = lockText({ ...lock, asked: { packages: ['other'] } });
  expect(() => parseLock(text, 'lock.json')).toThrow('"request" is not the digest of "asked"');
});
