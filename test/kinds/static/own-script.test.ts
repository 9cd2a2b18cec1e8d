import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildLines, failures } from '../../../src/kinds/static/own-script.ts';
import { diagnose } from '../../../src/steps/failure/diagnose.ts';
import { temporaryFolder } from '../../support/folder.ts';

/** Runs a command as a build does, in a folder with these files; returns its end and what its failure tells. */
async function build(argv: readonly string[], files: Readonly<Record<string, string>>) {
  const cwd = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text, { mode: 0o755 });
  }
  const script = ['set -eu', ...failures, ...buildLines(argv)].join('\n');
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script], {
    cwd,
    encoding: 'utf8',
  });
  const { take, read } = diagnose({
    ...{ toolchain: 'gcc-musl', packages: ['perl'], libc: 'musl', compiles: false },
    fileBeside: async () => undefined,
  });
  stderr.trimEnd().split('\n').forEach(take);
  const found = await read();
  return { status, stdout, stderr, line: found?.line, hint: found?.hint };
}

const autotools =
  'Add autoconf, automake, libtool to the builder: `toolchain: { extends: gcc-musl, packages: [perl, autoconf, automake, libtool] }`.';

describe('a command whose own file is not in the sources', () => {
  test('configure, where what it is made from lies there: tells how to make it', async () => {
    const sources = { 'configure.ac': '', 'Makefile.am': '', README: '' };
    expect(await build(['./configure', '--prefix=/usr'], sources)).toMatchObject({
      status: 127,
      line: 'build.sh: error: The sources have no ./configure, but: configure.ac',
      hint: `The sources have configure.ac, from which configure is made: let \`[autoreconf, -fi]\` run before. ${autotools}`,
    });
  });

  test('configure in a folder below, read by a shell, with a script that makes it', async () => {
    const sources = { 'lib/configure.in': '', 'lib/autogen.sh': '', 'CMakeLists.txt': '' };
    const { hint } = await build(['sh', 'lib/configure'], sources);
    expect(hint).toContain('`[autoreconf, -fi]` (or what the project has for that, ./autogen.sh)');
    expect(hint).toContain(autotools);
  });

  test.each([
    ['CMakeLists.txt', 'cmake, -S, ., -B, build'],
    ['meson.build', 'meson, setup, build'],
    ['GNUmakefile', '`[make]` alone'],
  ])('configure of a project that has %s', async (file, command) => {
    const { hint } = await build(['./configure'], { [file]: '', README: '' });
    expect(hint).toContain(command);
  });

  test.each([
    [['./autogen.sh'], './autogen.sh'],
    [['bash', 'scripts/build'], 'scripts/build'],
    [['perl', "it's.pl"], "it's.pl"],
    [['scripts/configure'], 'scripts/configure'],
  ])('%j: tells what is there instead', async (argv, script) => {
    const { status, line, hint } = await build(argv, { 'main.c': '', README: '' });
    expect(status).toBe(127);
    expect(line).toBe(`build.sh: error: The sources have no ${script}, but: README main.c`);
    expect(hint).toContain('start at the top of the sources');
  });
});

/** A configure script as autoconf makes it, as far as its log and its end matter. */
const configure = (...lines: readonly string[]) => `#!/bin/sh
{
  echo 'conftest.c:9:10: fatal error: minix/config.h: No such file or directory'
${lines.map((line) => `  echo '${line}'`).join('\n')}
  echo 'configure:12: error: the library is needed'
  echo '## Cache variables. ##'
  echo 'conftest.c:1:1: error: of the end'
} >config.log
echo 'configure: error: the library is needed' >&2
exit 7
`;

describe('a configure script that fails', () => {
  test.each([
    ['a header', 'conftest.c:20:10: fatal error: zlib.h: No such file or directory', 'zlib1g-dev'],
    ['a library', '/usr/bin/ld: cannot find -lpcre2-8: No such file or directory', 'libpcre2-dev'],
    ['a library that another needs', "x.c:(.text+0x1): undefined reference to `ZSTD_free'", 'zstd'],
  ])('tells what its last probe had not, %s', async (_, line, hint) => {
    const lines = ['| source: error: no', line.replaceAll("'", `'\\''`), 'collect2: error: ld'];
    const told = await build(['./configure'], { configure: configure(...lines) });
    expect(told).toMatchObject({ status: 7, line: 'configure: error: the library is needed' });
    expect(told.stderr).toContain(`config.log: ${line}`);
    expect(told.stderr).not.toMatch(/collect2|of the end|source/);
    expect(told.hint).toContain(hint);
  });

  test('ends as it ended where it left no log, also in a folder below', async () => {
    const files = { 'lib/configure': '#!/bin/sh\nexit 3\n' };
    expect(await build(['lib/configure'], files)).toMatchObject({ status: 3, line: undefined });
  });
});

describe('a command that runs as it stands', () => {
  test.each([
    [['./hello'], 'hello\n'],
    [['sh', 'sub/hello'], 'hello\n'],
    [['sh', '-c', 'echo "$0"', 'missing/file'], 'missing/file\n'],
    [['/bin/echo', './nothing'], './nothing\n'],
    [['printf', 'missing/file'], 'missing/file'],
  ])('%j', async (argv, stdout) => {
    const sources = { hello: '#!/bin/sh\necho hello\n', 'sub/hello': 'echo hello\n' };
    expect(await build(argv, sources)).toMatchObject({ status: 0, stdout });
  });

  test('a file whose first line names a missing program is no missing file', async () => {
    const { status, line } = await build(['./run'], { run: '#!/usr/bin/no-such-program\n' });
    expect(status).toBe(127);
    expect(line).toContain('./run: not found');
  });
});
