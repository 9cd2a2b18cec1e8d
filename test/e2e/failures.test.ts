import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { everyEngine } from './support/engines.ts';
import { mkbase, stateFolder } from './support/mkbase.ts';

const [engine] = everyEngine;
const recipe = `name: failing
from:
  static:
    toolchain: gcc-musl
    folder: .
    build: [[make, -k]]
    programs: { demo: /demo }
    jobs: 4
`;

/** A Makefile of twenty objects that warn, and one whose source is \`first.c\`. */
const objects = Array.from({ length: 20 }, (_, at) => `part${at}`);
const makefile = `demo: ${objects.map((name) => `${name}.o`).join(' ')} first.o
\t$(CC) $(LDFLAGS) -o $@ $^
%.o: %.c
\t$(CC) -Wall -c -o $@ $<
`;

/** Writes a project that fails at one file, and returns the error that people see. */
async function failing(work: string, first: string, rules = makefile): Promise<string> {
  mkdirSync(join(work, 'own'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(work, 'own', name), text);
  write('recipe.yaml', recipe);
  write('Makefile', rules);
  write('first.c', first);
  for (const name of objects) write(`${name}.c`, 'static int unused;\nint (*f)(void);\n');
  const args = [join(work, 'own'), '--engine', engine?.engine ?? 'auto', '--progress', 'plain'];
  const run = await mkbase(args, { cwd: work });
  expect(run).toMatchObject({ code: 6, stdout: '' });
  return run.stderr.slice(run.stderr.indexOf('\nerror: ') + 1);
}

test('a build that fails tells its first error, the cure and the whole log, and leaves no output', async () => {
  const work = temporaryFolder();
  const error = await failing(work, '#include <zlib.h>\nint main(void) { return 0; }\n');
  expect(error).toMatch(/^> first\.c:1:10: fatal error: zlib\.h: No such file or directory$/m);
  expect(error.replace(/\n +/g, ' ')).toContain(
    "<zlib.h> is in Debian's package zlib1g-dev. Debian builds its libraries for glibc, so they do not fit gcc-musl: take `toolchain: { extends: gcc-glibc, packages: [zlib1g-dev] }`.",
  );
  const log = join(stateFolder(engine?.engine), 'mkbase/logs/failing.log');
  expect(error).toContain(`\nThe whole log: ${log}\n`);
  const text = readFileSync(log, 'utf8');
  expect(text).toContain('first.c:1:10: fatal error: zlib.h');
  expect(text).toContain("'unused' defined but not used");

  const glibc = await failing(work, '#include <execinfo.h>\nint main(void) { return 0; }\n');
  expect(glibc.replace(/\n +/g, ' ')).toContain(
    '<execinfo.h> is a header of glibc, which gcc-musl does not have. Take `toolchain: gcc-glibc`',
  );

  const perl = await failing(work, '', 'demo:\n\tperl -e 1 >demo\n');
  expect(perl).toMatch(/^> \/bin\/sh: 1: perl: not found$/m);
  expect(perl.replace(/\n +/g, ' ')).toContain(
    '`toolchain: { extends: gcc-musl, packages: [perl] }`',
  );
  expect(existsSync(join(work, 'mkbase-out/failing/oci.tar'))).toBe(false);
});
