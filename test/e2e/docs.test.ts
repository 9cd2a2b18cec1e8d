import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { type Fence, fencesOf, readMarkdown } from '../support/markdown.ts';
import { noAlpine } from './support/alpine.ts';
import { isThere, leftOut, missing, typist } from './support/typed-commands.ts';

const work = temporaryFolder();
const { type, expectToRun, expectExchanges } = typist(join(work, 'bin'));

/** What the documents have Docker build, under names that the next run would meet. */
const builtImages = ['me/hello', 'me/alpine'];

afterAll(() => {
  spawnSync('docker', ['rmi', '--force', ...builtImages]);
});

function folder(name: string): string {
  const path = join(work, name);
  mkdirSync(path, { recursive: true });
  return path;
}

const firstLine = ({ text }: Fence): string => text.trim().split('\n')[0] ?? '';

/** A file that is shown whole says its path in a comment on its first line. */
const pathOf = ({ language, text }: Fence): string | undefined =>
  ['c', 'yaml'].includes(language) ? /^(?:#|\/\*) (\S+\/\S+)/.exec(text)?.[1] : undefined;

const readme = fencesOf(readMarkdown('README.md'));
const noTour = missing('skopeo', 'jq');

describe.skipIf(noTour)(`the README's tour${leftOut(noTour)}`, () => {
  const cwd = folder('readme');
  for (const fence of readme) {
    const path = pathOf(fence);
    if (path === undefined) continue;
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), fence.text);
  }
  const typed = readme.filter(
    ({ language, section }) => /^(?:sh|console)$/.test(language) && section !== 'Quick start',
  );
  test.each(typed.map((fence) => [firstLine(fence), fence] as const))(
    '%s',
    (_, { language, text }) => (language === 'sh' ? expectToRun : expectExchanges)(text, cwd),
  );
});

/** Documents all of whose commands are typed one after the other, and what they need beside Docker. */
const scripts = {
  'docs/keys.md': ['jq'],
  'docs/reproducibility.md': ['skopeo', 'unshare'],
  'docs/compliance.md': ['gpg', 'gpgv', 'jq', 'unshare', 'xz'],
};

for (const [file, programs] of Object.entries(scripts)) {
  const reason = missing(...programs);
  describe.skipIf(reason)(`${file}${leftOut(reason)}`, () => {
    const cwd = folder(file);
    const typed = fencesOf(readMarkdown(file)).filter(({ language }) => language === 'sh');
    test.each(typed.map((fence) => [firstLine(fence), fence] as const))('%s', (_, { text }) =>
      expectToRun(text, cwd),
    );
  });
}

describe('docs/cli.md', () => {
  const shells: Readonly<Record<string, readonly string[]>> = {
    bash: ['bash', '--norc', '-euc'],
    zsh: ['zsh', '-fec'],
    fish: ['fish', '--no-config', '-c'],
  };
  const before: Readonly<Record<string, string>> = { zsh: 'autoload -U compinit; compinit -D; ' };
  const typed = fencesOf(readMarkdown('docs/cli.md')).filter(({ language }) => language === 'sh');
  const completions = typed
    .filter(({ section }) => section === 'completion')
    .flatMap(({ text }) => text.trim().split('\n'));

  test.each(completions)('%s', (line) => {
    const [, name = ''] = /mkbase completion (\w+)/.exec(line) ?? [];
    expect(Object.keys(shells)).toContain(name);
    if (process.env.MKBASE_TEST_COMPLETE !== '1' && !isThere(name)) return;
    const run = type(`${before[name] ?? ''}${line}`, folder('cli'), shells[name]);
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  const noImage = missing() ?? noAlpine;
  const others = typed.filter(({ section }) => section !== 'completion');
  test.skipIf(noImage).each(others.map((fence) => [firstLine(fence), fence] as const))(
    `%s${leftOut(noImage)}`,
    (_, { text }) => {
      const cwd = folder('cli');
      // The copy of a mirror has no signature beside the archive; a lock pins it as well.
      expectToRun('mkbase alpine --allow unsigned-archive --output type=rootfs', cwd);
      expectToRun(text, cwd);
    },
  );
});
