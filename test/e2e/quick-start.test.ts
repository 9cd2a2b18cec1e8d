import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { codeSpansOf, fencesOf, readMarkdown } from '../support/markdown.ts';
import { root } from './support/mkbase.ts';

const work = temporaryFolder();

const readme = readMarkdown('README.md');
const blocks = fencesOf(readme).filter(({ section }) => section === 'Quick start');
const [first = '', second = ''] = (blocks[0]?.text ?? '').trim().split('\n');

const clone = join(work, 'clone');

/** What a fresh clone holds: everything that git knows or would take, as it is now. */
beforeAll(() => {
  const list = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: root });
  for (const file of list.toString().split('\0').filter(Boolean)) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(clone, file));
  }
});

/** Types a line in the clone, with nothing in the environment and an empty home. */
function typeInClone(line: string, ...more: readonly string[]) {
  const home = `HOME=${join(work, 'home')}`;
  const path = `PATH=${process.env.PATH}`;
  return spawnSync('env', ['-i', home, path, ...more, 'bash', '-c', line], {
    cwd: clone,
    encoding: 'utf8',
  });
}

describe('the quick start', () => {
  test('is one block of exactly two lines', () => {
    expect(blocks).toHaveLength(1);
    expect(blocks[0]?.text.trim().split('\n')).toHaveLength(2);
  });

  test('has a first line that needs nothing but a clone, Node and npm, and prints the greeting', () => {
    const run = typeInClone(first);
    expect(run, run.stderr).toMatchObject({ status: 0 });
    expect(run.stdout).toContain('Hello from mkbase!\n');
  });

  test('leaves the lock file of the clone as it is', () => {
    const lock = (folder: string) => readFileSync(join(folder, 'package-lock.json'), 'utf8');
    expect(lock(clone)).toBe(lock(root));
  });

  test('can be followed by `npm link`, which makes mkbase a command', () => {
    expect(codeSpansOf(readme)).toContain('npm link');
    const prefix = join(work, 'prefix');
    const run = typeInClone('npm link', `npm_config_prefix=${prefix}`);
    expect(run, run.stderr).toMatchObject({ status: 0 });
    const version = execFileSync(join(prefix, 'bin/mkbase'), ['--version'], { cwd: work });
    const { version: expected } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(version.toString().trim()).toBe(expected);
  });

  // It is not run here: it runs this very test.
  test('has a second line that does its whole set-up by itself and is the one that CI runs', () => {
    const [, extraction = ''] =
      /^command=\$\((.*)\)$/m.exec(readFileSync(join(root, '.ci/run'), 'utf8')) ?? [];
    const extracted = execFileSync('bash', ['-c', extraction], { cwd: root, encoding: 'utf8' });
    expect(extracted.trim()).toBe(second);
    const setUp = (line: string) => line.split(' && ')[0];
    expect(setUp(second)).toBe(setUp(first));
    expect(second).toMatch(/ && npm test$/);
  });
});
