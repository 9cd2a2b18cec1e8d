import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorFinder } from '../../../src/steps/failure/first-error.ts';

function firstError(lines: readonly string[]) {
  const { take, found } = errorFinder();
  lines.forEach(take);
  return found();
}

test.each([
  'gcc -Werror -Wall -c error.c',
  'cc -DMESSAGE="x: error: y" -c a.c',
  'ok 12 - strerror: 0 errors',
  '0 errors, 0 failed',
  '# ERROR: 0',
  '# XFAIL: 0',
  '  12 | printf("%s: error: %s", a, b);',
  '      |         ^~~~~~ error: here',
  'error.c: In function main:',
  'checking for strerror... no',
  'checking for perl... not found',
  'a.c:3:1: warning: this will be an error: soon',
  'a.c:3:1: note: error: see above',
  'make: [Makefile:3: clean] Error 1 (ignored)',
  '+ sh -c "echo a.c: error: no"',
  'echo a.c: error: no',
  'gcc: warning: cannot use it',
  'errors: 0',
  'error: 0',
  'test_error: ok',
])('%j is no error', (line) => {
  expect(firstError([line, 'done'])).toBeUndefined();
});

test.each([
  'a.c:3:10: fatal error: zlib.h: No such file or directory',
  'dir with space/a.c:3: error: expected expression',
  'cc1: error: bad value for -march',
  'h.s:1: Error: unknown pseudo-op',
  'meson.build:2:0: ERROR: Dependency "x" not found',
  'configure: error: no acceptable C compiler found',
  'configure.ac:5: error: required file missing',
  'error[E0432]: unresolved import',
  'CMake Error: The source directory does not exist.',
  'CMake Error at CMakeLists.txt:3 (find_package):',
  '/usr/bin/ld: cannot find -lz: No such file or directory',
  "a.c:(.text+0x5): undefined reference to `pow'",
  'ld.lld: error: undefined symbol: pow',
  '/bin/sh: 1: perl: not found',
  'bash: line 1: cmake: command not found',
  "make[2]: *** No rule to make target 'x', needed by 'all'.  Stop.",
  'Makefile:2: *** missing separator.  Stop.',
  "Can't locate Pod/Usage.pm in @INC",
  'ModuleNotFoundError: No module named yaml',
  'E: Unable to locate package nothing',
  'dpkg: error processing package x (--configure):',
])('%j is an error', (line) => {
  const found = firstError(['before', line, 'after']);
  expect(found).toMatchObject({ before: ['before'], line, after: ['after'], since: 1 });
});

test('colours and links of a compiler hide no error, and are not shown', () => {
  const red =
    '\u001b[1m\u001b[Ka.c:1:10:\u001b[m\u001b[K \u001b[01;31m\u001b[Kfatal error: \u001b[m\u001b[Kz.h: No such file';
  expect(firstError([red])?.line).toBe('a.c:1:10: fatal error: z.h: No such file');
  const link =
    'a.c:1: \u001b[31merror: \u001b[mx [\u001b]8;;https://gcc.gnu.org\u0007-Wfoo\u001b]8;;\u0007]\r';
  expect(firstError([link])?.line).toBe('a.c:1: error: x [-Wfoo]');
});

test('the error of a parallel make is found below six hundred lines of warnings', () => {
  const file = join(import.meta.dirname, 'transcripts/parallel-make.txt');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const found = firstError(lines);
  expect(found?.line).toBe("f7.c:3:24: error: 'b' undeclared (first use in this function)");
  expect(found?.before.at(-1)).toBe("f7.c: In function 'f7':");
  expect(lines.length).toBeGreaterThan(600);
});

test("what follows from an error counts only where nothing else is told, and a probe's words come between", () => {
  const make = 'make: *** [Makefile:2: all] Error 1';
  const probe = "cp: cannot stat 'x': No such file or directory";
  const cause = 'a.c:1:1: error: expected identifier';
  expect(firstError(['false', make])?.line).toBe(make);
  expect(firstError([make, probe])?.line).toBe(probe);
  expect(firstError(['FAILED: a.o', probe, cause, make])?.line).toBe(cause);
  expect(firstError(['./configure: 12: cygpath: not found', cause])?.line).toBe(cause);
});

test('a line without end is cut, and of a flood only the neighbours of the error are kept', () => {
  const found = firstError([
    ...Array(1000).fill('x'),
    `a.c:1: error: ${'y'.repeat(10_000)}`,
    ...Array(1000).fill('z'),
  ]);
  expect(found?.line.length).toBeLessThan(500);
  expect([found?.before.length, found?.after.length, found?.since]).toEqual([4, 8, 1000]);
});
