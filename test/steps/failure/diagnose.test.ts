import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FailedBuild } from '../../../src/steps/failure/cause.ts';
import { diagnose } from '../../../src/steps/failure/diagnose.ts';

/** Output of the toolchains that ship with mkbase, and of Debian's clang, lld, cmake, meson and autotools. */
const folder = join(import.meta.dirname, 'transcripts');

const glibc: FailedBuild = {
  ...{ toolchain: 'gcc-glibc', packages: [], libc: 'glibc', compiles: true },
  fileBeside: async () => undefined,
};
const musl: FailedBuild = { ...glibc, toolchain: 'gcc-musl', libc: 'musl' };
const own = { compiles: false };
const withPackages = (...packages: string[]) => ({ ...own, packages });

/** The builds that the transcripts are of; those that are not listed are a recipe's own build with glibc. */
const builds: Readonly<Record<string, FailedBuild>> = {
  'argp-on-musl': { ...musl, ...own },
  'basename-on-musl': { ...musl, ...own },
  'bits-on-musl': { ...musl, ...own },
  'cxx-musl': musl,
  'cxx-runtime-on-musl': { ...musl, ...own },
  'functions-of-glibc-on-musl': { ...musl, ...own },
  'glibc-library-on-musl': { ...musl, ...withPackages('libncurses-dev') },
  'gnu-extensions-on-musl': { ...musl, ...own },
  'header-beside': { ...musl, fileBeside: async () => 'util.h' },
  'header-glibc': glibc,
  'header-musl': musl,
  'header-of-glibc': musl,
  'pkg-config': { ...glibc, ...withPackages('pkgconf') },
  'queue-on-musl': { ...musl, ...own },
  'tool-cmake': { ...musl, ...own },
  'tool-make': { ...musl, ...own },
  'tool-sh': { ...musl, ...own },
  'undeclared-gnu-extension': { ...musl, ...own },
  'undeclared-of-glibc-on-musl': { ...musl, ...own },
  'undeclared-with-header': { ...musl, ...own },
  implicit: glibc,
  library: glibc,
  mathematics: glibc,
  'two-flags-in-one': glibc,
};

async function told(lines: readonly string[], build: FailedBuild): Promise<string> {
  const { take, read } = diagnose(build);
  lines.forEach(take);
  const found = await read();
  return `> ${found?.line ?? 'no error found'}\nhint: ${found?.hint ?? '-'}\n`;
}

test('of each real log the first error is found, and the cure of those that can be told', async () => {
  const sections: string[] = [];
  for (const file of readdirSync(folder).sort()) {
    const name = file.replace('.txt', '');
    const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
    const build = builds[name] ?? { ...glibc, ...own };
    sections.push(`${name}, ${build.toolchain}\n${await told(lines, build)}`);
  }
  await expect(sections.join('\n')).toMatchFileSnapshot('../../golden/failures.txt');
});
