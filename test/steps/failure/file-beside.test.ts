import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FailedBuild } from '../../../src/steps/failure/cause.ts';
import { diagnose } from '../../../src/steps/failure/diagnose.ts';
import { fileBeside } from '../../../src/steps/failure/file-beside.ts';
import { temporaryFolder } from '../../support/folder.ts';

function folderWith(...paths: string[]): string {
  const folder = temporaryFolder();
  for (const path of paths) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
  return folder;
}

test('the nearest file that ends in a path is found, and none in what is no part of the project', async () => {
  const folder = folderWith(
    'deep/er/a/util.h',
    'lib/a/util.h',
    '.git/b.h',
    'mkbase-out/b.h',
    'my-b.h',
  );
  expect(await fileBeside(folder, 'a/util.h')).toBe('lib/a/util.h');
  expect(await fileBeside(folder, 'b.h')).toBeUndefined();
  expect(await fileBeside(join(folder, 'nothing'), 'b.h')).toBeUndefined();
});

async function hintFor(line: string, files: readonly string[], compiles = true) {
  const folder = folderWith(...files);
  const build: FailedBuild = {
    ...{ toolchain: 'gcc-musl', packages: [], libc: 'musl', compiles },
    fileBeside: (path) => fileBeside(folder, path),
  };
  const { take, read } = diagnose(build);
  take(line);
  return (await read())?.hint ?? '';
}

const missing = (header: string, source = 'a.c') =>
  `${source}:1:10: fatal error: ${header}: No such file or directory`;

test.each([
  [missing('util.h'), 'util.h', '`include: [util.h]`'],
  [missing('util.h', 'src/a.c'), 'src/util.h', '`include: [src/util.h]`'],
  [missing('util.h'), 'include/util.h', '`include: [include]`'],
  [missing('my/util.h', 'src/a.c'), 'lib/my/util.h', '`include: [lib]`'],
  [missing('util.h', 'src/a.c'), 'util.h', '`include: [util.h]` and `flags: ["-I."]`'],
])('for %j with %s beside the recipe the hint says %s', async (line, file, hint) => {
  expect(await hintFor(line, [file])).toContain(hint);
});

test('a header beside the recipe comes before the package that has one of its name', async () => {
  expect(await hintFor(missing('zlib.h'), ['vendor/zlib.h'])).toContain('`include: [vendor]`');
  expect(await hintFor(missing('zlib.h'), ['vendor/zlib.h'], false)).toContain('vendor/zlib.h');
});
