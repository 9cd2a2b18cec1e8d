import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostOf } from '../../src/base/host.ts';
import { isOfThisSystem, otherSpelling } from '../../src/recipe/spelling.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
mkdirSync(join(folder, 'src'));
writeFileSync(join(folder, 'src/hello.c'), '');

test.each([
  ['src/hello.c', undefined],
  ['./src/hello.c', undefined],
  ['src/Hello.c', 'src/hello.c'],
  ['SRC/hello.c', 'src/hello.c'],
  ['src/absent.c', undefined],
])('of %s the folders list %s', async (path, listed) => {
  expect(await otherSpelling(folder, path)).toBe(listed);
});

test('a backslash is of Windows alone', () => {
  expect(isOfThisSystem('src\\hello.c', hostOf('win32'))).toBe(true);
  expect(isOfThisSystem('src/hello.c', hostOf('win32'))).toBe(false);
  expect(isOfThisSystem('odd\\name', hostOf('linux'))).toBe(false);
});
