import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { fencesOf, readMarkdown } from '../support/markdown.ts';
import { root } from './support/mkbase.ts';
import { leftOut, missing, typist } from './support/typed-commands.ts';

const work = temporaryFolder();
const { type, expectToRun } = typist(join(work, 'bin'));
const cwd = join(work, 'projects');

const reason = missing();

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
