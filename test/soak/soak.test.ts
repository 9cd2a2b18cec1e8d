import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';

const program = join(import.meta.dirname, 'soak.mjs');

let folder: string;
let project: string;
let results: string;

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: project,
    stdio: 'ignore',
  });

/** Writes an item list of shell scripts; each notes in `ran` that it was run. */
function writeItems(scripts: Readonly<Record<string, string>>): void {
  const items = Object.entries(scripts).map(([id, script]) => {
    const [proof, item] = id.split('/');
    const argv = ['sh', '-c', `echo ${id} >>"$RAN"; ${script}`];
    return { proof, item, argv, env: { RAN: join(folder, 'ran') } };
  });
  writeFileSync(join(folder, 'items.json'), JSON.stringify(items));
}

const argv = (...more: string[]) => [
  program,
  ...['--items', join(folder, 'items.json'), '--results', results],
  ...more,
];

/** Runs the program in the project to its end. */
function soak(...more: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, argv(...more), {
    cwd: project,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** The items that were run since the last call. */
function ran(): string[] {
  const file = join(folder, 'ran');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  writeFileSync(file, '');
  return lines;
}

beforeEach(() => {
  folder = temporaryFolder();
  project = join(folder, 'project');
  results = join(folder, 'state/soak.jsonl');
  mkdirSync(project);
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'one');
});

test('what has passed at a commit is not run again at that commit', () => {
  writeItems({ 'repro/a': 'true', 'repro/b': 'echo why; false', 'kill/c': 'true' });
  const first = soak();
  expect(first).toMatchObject({ status: 1, stderr: expect.stringContaining('why') });
  expect(ran()).toEqual(['repro/a', 'repro/b', 'kill/c']);
  expect(soak().status).toBe(1);
  expect(ran()).toEqual(['repro/b']);
  git('commit', '--quiet', '--allow-empty', '--message', 'two');
  soak();
  expect(ran()).toEqual(['repro/a', 'repro/b', 'kill/c']);
});

test('the table at the end has every item, those of earlier runs as well', () => {
  writeItems({ 'repro/a': 'true', 'kill/c': 'true' });
  expect(soak('repro').stdout).not.toContain('kill/c');
  const lines = soak('repro', 'kill/c').stdout.split('\n');
  expect(ran()).toEqual(['repro/a', 'kill/c']);
  expect(lines[0]).toMatch(/^item +outcome +tests +time +ended$/);
  expect(lines.slice(1, 3)).toEqual([
    expect.stringMatching(/^repro\/a +passed /),
    expect.stringMatching(/^kill\/c +passed /),
  ]);
});

test('each result is a line of JSON that names its commit', () => {
  writeItems({ 'repro/a': 'true' });
  soak();
  writeFileSync(join(project, 'file'), '');
  soak();
  const commit = expect.stringMatching(/^[0-9a-f]{40}$/);
  const lines = readFileSync(results, 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ proof: 'repro', item: 'a', outcome: 'passed', commit, dirty: false }),
    expect.objectContaining({ proof: 'repro', item: 'a', outcome: 'passed', commit, dirty: true }),
  ]);
});

test('with changes that are not committed everything is run, and does not count later', () => {
  writeItems({ 'repro/a': 'true' });
  writeFileSync(join(project, 'file'), '');
  soak();
  expect(soak().stderr).toContain('Not everything is committed');
  expect(ran()).toHaveLength(2);
});

test('Ctrl-C loses the running item alone', async () => {
  writeItems({ 'repro/a': 'true', 'repro/b': 'exec sleep 60', 'repro/c': 'true' });
  const child = spawn(process.execPath, argv(), { cwd: project, stdio: 'ignore' });
  while (!existsSync(join(folder, 'ran')) || ran().at(-1) !== 'repro/b') await pause(20);
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  writeItems({ 'repro/a': 'true', 'repro/b': 'true', 'repro/c': 'true' });
  expect(soak().status).toBe(0);
  expect(ran()).toEqual(['repro/b', 'repro/c']);
});

test('a line that was cut off is neither believed nor in the way of the next', () => {
  writeItems({ 'repro/a': 'true', 'repro/b': 'true' });
  soak('repro/a');
  appendFileSync(results, '{"proof":"repro","item":"b","outco');
  soak();
  soak();
  expect(ran()).toEqual(['repro/a', 'repro/b']);
});

test('an item of which no test ran is left out, not passed', () => {
  const argv = ['sh', '-c', 'echo \'{"numPassedTests":0}\' >"$MKBASE_TEST_REPORT"'];
  const items = [{ proof: 'repro', item: 'a', argv, env: {}, tests: true }];
  writeFileSync(join(folder, 'items.json'), JSON.stringify(items));
  expect(soak()).toMatchObject({ status: 0, stdout: expect.stringMatching(/a +left out +0 /) });
});

test('a proof that there is not is refused', () => {
  writeItems({ 'repro/a': 'true' });
  expect(soak('repr')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no proof is called repr; there are repro'),
  });
  expect(ran()).toEqual([]);
});

test('the items of the project are in files that are there', () => {
  const { stdout } = spawnSync(process.execPath, [program, '--list', '--results', results], {
    cwd: project,
    encoding: 'utf8',
  });
  for (const item of [
    'repro/hello',
    'kill/store',
    'kill/nodes',
    'kill/namespace',
    'seeded-changes/all',
  ]) {
    expect(stdout).toMatch(new RegExp(`^${item} +not run$`, 'm'));
  }
  const list = readFileSync(join(import.meta.dirname, 'items.mjs'), 'utf8');
  const files = [...list.matchAll(/'(test\/[^']+\.test\.ts)'/g)].map(([, file = '']) => file);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
  expect(files).toHaveLength(11);
});
