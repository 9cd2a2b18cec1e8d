import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { fencesOf, readMarkdown } from '../support/markdown.ts';
import { zipOf } from '../support/zip.ts';
import { root } from './support/mkbase.ts';
import { leftOut, missing, typist } from './support/typed-commands.ts';

const work = temporaryFolder();
const { type, expectToRun } = typist(join(work, 'bin'));
const cwd = join(work, 'projects');

const reason = missing();

/** Prints two hashes, one from a thread, and uses a header of the kernel's besides. */
const cryptProgram = `#define _GNU_SOURCE
#include <crypt.h>
#include <math.h>
#include <pthread.h>
#include <sound/asound.h>
#include <stdio.h>
#include <unistd.h>
static void *hash(void *salt) {
  struct crypt_data data = {0};
  puts(crypt_r("secret", salt, &data));
  return NULL;
}
int main(int argc, char **argv) {
  pthread_t thread;
  puts(crypt("secret", "$6$salt"));
  pthread_create(&thread, NULL, hash, "$5$salt");
  pthread_join(thread, NULL);
  printf("%.3f\\n", sqrt(argc + 1.0));
  return argv == NULL;
}
`;
const sha512 =
  '$6$salt$egUxKNxDs8kPfh8iPMNcosMhb2eWah6d3R44JDm5Rj/j/XWR5E33QPd0YmHXoDHOIDR6kL5D3JcQcz0O8FHE00';
const sha256 = '$5$salt$kpa26zwgX83BPSR8d7w93OIXbFt/d3UOTZaAu5vsTM6';
const cryptRecipe = `name: crypt
from:
  static:
    toolchain: gcc-musl
    sources: [main.c]
    flags: [-Wall, -Wextra, -Werror]
    libs: [crypt, pthread, m, dl, rt, util, resolv, xnet]
image: { cmd: [/crypt] }
test:
  - { run: [], stdout: "${sha512}\\n${sha256}\\n1.414" }
`;

describe.skipIf(reason)(`docs/own-builds.md${leftOut(reason)}`, () => {
  const fences = fencesOf(readMarkdown('docs/own-builds.md'));
  cpSync(join(root, 'test/docs/fixtures/own-builds'), cwd, { recursive: true });
  for (const { language, text } of fences) {
    const [, path] = /^# (\S+\/\S+)/.exec(text) ?? [];
    if (language !== 'yaml' || path === undefined) continue;
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  const lines = fences
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'));

  test.each(lines)('%s', (line) => expectToRun(line, cwd));

  test('a zip archive beside the recipe is built as a tar archive is', () => {
    const source = (name: string) => readFileSync(join(cwd, 'with-make', name), 'utf8');
    const names = ['Makefile', 'src/main.c', 'src/tally.c', 'src/tally.h'];
    const members = names.map((name) => ({ name: `tally-1.0/${name}`, content: source(name) }));
    mkdirSync(join(cwd, 'with-zip'));
    const recipe = readFileSync(join(cwd, 'with-archive/recipe.yaml'), 'utf8');
    const renamed = recipe.replaceAll('with-archive', 'with-zip').replace('.tar.bz2', '.zip');
    writeFileSync(join(cwd, 'with-zip/recipe.yaml'), renamed);
    writeFileSync(join(cwd, 'with-zip/tally-1.0.zip'), zipOf(members));
    expectToRun('mkbase ./with-zip', cwd);
    expectToRun('mkbase verify mkbase-out/with-zip --recipe ./with-zip', cwd);
  });

  test('a program that names the libraries which musl has in one finds them, and crypt.h', () => {
    mkdirSync(join(cwd, 'crypt'));
    writeFileSync(join(cwd, 'crypt/main.c'), cryptProgram);
    writeFileSync(join(cwd, 'crypt/recipe.yaml'), cryptRecipe);
    expectToRun('mkbase ./crypt', cwd);
    const sbom = readFileSync(join(cwd, 'mkbase-out/crypt/sbom.cdx.json'), 'utf8');
    expect(sbom).toContain('pkg:deb/debian/musl-dev@');
    expect(sbom).not.toContain('mkbase:unattributed');
  });

  test.each([
    [
      'other contents',
      'echo "/* */" >>with-make/src/tally.c',
      'sed -i "$ d" with-make/src/tally.c',
    ],
    ['a file more', 'touch with-make/src/more.c', 'rm with-make/src/more.c'],
    ['a file that can be run', 'chmod +x with-make/Makefile', 'chmod -x with-make/Makefile'],
  ])('%s in the folder: verify notices', (_, change, back) => {
    const verify = 'mkbase verify mkbase-out/with-make --recipe ./with-make';
    expectToRun(change, cwd);
    const run = type(verify, cwd);
    expect(run.code, run.stdout).toBe(11);
    expect(run.stdout).toContain('resolvedDependencies');
    expectToRun(back, cwd);
    expectToRun(verify, cwd);
  });
});
