import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assembler, refuseNativeCode } from '../../../src/kinds/static/native-code.ts';
import { staticProgram } from '../../../src/kinds/static/schema.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { file } from '../../support/tar.ts';

/** Runs the assembler as gcc does; returns what it wrote down. */
function assemble(options: string): string | undefined {
  const folder = temporaryFolder();
  for (const name of ['link', 'out']) mkdirSync(join(folder, name));
  // It calls /usr/bin/as; what that says of a missing file is not looked at.
  const script = join(folder, 'link/as');
  writeFileSync(script, assembler(undefined).replace('exec /usr/bin/as', 'exec true'), {
    mode: 0o755,
  });
  const env = { PATH: process.env.PATH, COLLECT_GCC_OPTIONS: options };
  execFileSync(script, ['--64', '-o', 'lib/part one.o', '/tmp/x.s'], { env });
  const record = join(folder, 'out/native');
  return existsSync(record) ? readFileSync(record, 'utf8') : undefined;
}

describe('the assembler that keeps records', () => {
  test.each(["'-O2' '-march=native'", "'-mtune=native' '-c'", "'-mcpu=native'"])(
    'writes an object down that is compiled with %s',
    (options) => expect(assemble(options)).toBe('lib/part one.o\n'),
  );

  test.each(["'-O2' '-march=x86-64-v2'", "'-DARCH=native'", "'-D' 'X=-march=native-code'", ''])(
    'is silent about %j',
    (options) => expect(assemble(options)).toBeUndefined(),
  );
});

describe('refuseNativeCode', () => {
  test('names the first object and counts the others', () =>
    expect(refuseNativeCode([file('native', 'a.o\nb.o\nc.o\n')])).rejects.toMatchObject({
      code: 'BUILD_OUTPUT',
      message: expect.stringContaining('compiled a.o and 2 more for the processor of this machine'),
    }));

  test('leaves out what configure, CMake and meson only try', async () => {
    const tried = ['conftest.o', 'CMakeFiles/CMakeTmp/x.o', 'a/meson-private/t.o', 'cmTC_1/x.o'];
    await refuseNativeCode([file('native', tried.map((each) => `${each}\n`).join(''))]);
    await refuseNativeCode([]);
  });
});

test.each([
  { flags: ['-march=native'] },
  { flags: ['-O2 -mtune=native'] },
  { linkFlags: ['-mcpu=native'] },
  { env: { CFLAGS: '-O3 -march=native -g' } },
  { archive: { debian: 'demo' }, programs: { a: '/a' }, build: [['make', 'CFLAGS=-march=native']] },
])('the schema refuses %j', (fields) => {
  const sources = 'archive' in fields ? {} : { sources: ['a.c'] };
  const { error } = staticProgram.safeParse({ toolchain: 'gcc-musl', ...sources, ...fields });
  expect(error?.issues[0]?.message).toContain('"native" is another one on each machine');
});

test('the schema takes words that only look alike', () => {
  const flags = ['-march=x86-64-v3', '-DX=native', '-fnative', '-march=nativeish'];
  expect(staticProgram.parse({ toolchain: 't', sources: ['a.c'], flags }).flags).toEqual(flags);
});
