import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';

const program = resolve(import.meta.dirname, '../release.mjs');

let project: string;

const git = (...args: string[]) =>
  execFileSync('git', args, {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

const write = (name: string, text: string) => writeFileSync(join(project, name), text);
const read = (name: string) => readFileSync(join(project, name), 'utf8');

function release(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: project,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const changelog = (heading: string, text = '### Added\n\n- More.\n') =>
  `# Changelog\n\n## [${heading}\n\n${text}\n## [1.1.0] - 2026-01-01\n\n- Some.\n`;

function commit(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) write(name, text);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'work');
}

beforeEach(() => {
  project = temporaryFolder();
  git('init', '--quiet');
  git('config', 'user.name', 'a');
  git('config', 'user.email', 'a@b');
  const manifest = { name: 'small', version: '1.2.0' };
  commit({
    '.gitignore': 'node_modules/\n*.tgz\n',
    'package.json': JSON.stringify({ ...manifest, scripts: { check: 'echo checked >&2' } }),
    'package-lock.json': JSON.stringify(manifest),
    'CHANGELOG.md': changelog('1.2.0] - unreleased'),
  });
});

test('a release dates its section, commits, tags with the section and packs', () => {
  expect(release()).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^[0-9a-f]{64} {2}small-1\.2\.0\.tgz$/m),
    stderr: expect.stringContaining('checked'),
  });
  expect(read('CHANGELOG.md')).toMatch(/^## \[1\.2\.0\] - \d{4}-\d\d-\d\d$/m);
  expect(git('log', '-1', '--format=%s')).toBe('Release 1.2.0\n');
  expect(git('tag', '--list', '--format=%(contents)').trim()).toBe(
    'v1.2.0\n\n### Added\n\n- More.',
  );
  expect(git('status', '--porcelain')).toBe('');
  expect(existsSync(join(project, 'small-1.2.0.tgz'))).toBe(true);
});

test('a dry run does all of it elsewhere and changes nothing', () => {
  mkdirSync(join(project, 'node_modules'));
  const before = git('rev-parse', 'HEAD');
  const { status, stdout } = release('--dry-run');
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringContaining('Dry run: v1.2.0 can be released.'),
  });
  expect(git('rev-parse', 'HEAD')).toBe(before);
  expect(git('tag', '--list')).toBe('');
  expect(read('CHANGELOG.md')).toContain('unreleased');
});

test.each<[string, () => void, string]>([
  ['anything is not committed', () => write('new', ''), 'Not everything is committed'],
  [
    'the changelog is about another version',
    () => commit({ 'CHANGELOG.md': changelog('1.3.0] - unreleased') }),
    'package.json has version 1.2.0',
  ],
  [
    'the topmost section has a date',
    () => commit({ 'CHANGELOG.md': changelog('1.2.0] - 2026-02-02') }),
    'is of 2026-02-02',
  ],
  [
    'the section is empty',
    () => commit({ 'CHANGELOG.md': changelog('1.2.0] - unreleased', '') }),
    'says nothing about 1.2.0',
  ],
  ['the tag is there', () => void git('tag', 'v1.2.0'), 'v1.2.0 is there'],
])('nothing is released when %s', (_, prepare, message) => {
  prepare();
  const before = git('rev-parse', 'HEAD');
  expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining(message) });
  expect(git('rev-parse', 'HEAD')).toBe(before);
});

test('nothing is released when a check fails', () => {
  const manifest = { name: 'small', version: '1.2.0', scripts: { check: 'exit 1' } };
  commit({ 'package.json': JSON.stringify(manifest) });
  expect(release()).toMatchObject({ status: 1 });
  expect(git('tag', '--list')).toBe('');
});
