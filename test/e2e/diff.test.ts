import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder.ts';
import { busyboxRecipe } from './support/busybox-recipe.ts';
import { everyEngine, everySetting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const folder = folderForEachTest();
const [{ engine } = { engine: 'auto' }] = everyEngine;
const stores = everySetting.filter(({ missing, engine: name }) => !missing && name !== 'namespace');

const withFile = (path: string, content: string) =>
  `files:\n  - { path: ${path}, content: "${content}" }\n`;

/** Two builds of the small recipe: the second has another file, and a later time. */
async function twoBuilds(work: string): Promise<void> {
  const build = async (out: string, epoch: string, more: string) => {
    const recipe = busyboxRecipe(join(work, 'recipe'), { more });
    const args = [recipe, '--engine', engine, '--out', out, '--output', 'type=oci'];
    const run = await mkbase(args, { cwd: work, env: { SOURCE_DATE_EPOCH: epoch } });
    expect(run, run.stderr).toMatchObject({ code: 0 });
  };
  await build('old', '1700000000', '');
  await build('new', '1700000001', withFile('/new', 'new'));
}

test('two builds are told apart, with the cause of each difference, to people, programs and pull requests', async () => {
  const work = folder();
  await twoBuilds(work);
  const run = (...args: string[]) => mkbase(['diff', ...args], { cwd: work });

  const shown = await run('old', 'new');
  expect(shown).toMatchObject({ code: 11, stderr: '' });
  expect(shown.stdout).toMatch(/^- old\n\+ new\n/);
  expect(shown.stdout).toMatch(/path.*: recipe\n[\s\S]*\+ \.\/new\n/);
  expect(shown.stdout).toMatch(/: timestamp\n[\s\S]*time 1700000000 → 1700000001/);
  expect(shown.stdout).toMatch(/^ {2}created \(timestamp\)$/m);

  const json = await run('old/image.oci.tar', 'new/image.oci.tar', '--json');
  expect(json).toMatchObject({ code: 11 });
  const report = JSON.parse(json.stdout);
  expect(report).toMatchObject({ old: 'old/image.oci.tar', identical: false, notCompared: [] });
  expect(report.paths).toContainEqual(
    expect.objectContaining({ path: './new', change: 'added', cause: 'recipe' }),
  );

  const markdown = await run('old', 'new', '--markdown');
  expect(markdown.stdout).toContain('| + | <code>./new</code> |');

  const same = await run('old', 'old/image.oci.tar');
  expect(same).toMatchObject({ code: 0 });
  expect(same.stdout).toContain('Identical: lock, recipe, files, config.');

  const locks = await run('old/lock.json', 'new/lock.json', '--json');
  expect(locks).toMatchObject({ code: 0 });
  expect(JSON.parse(locks.stdout)).toMatchObject({ identical: true, compared: ['lock'] });

  const recipe = await run('./recipe', 'old/lock.json');
  expect(recipe, recipe.stderr).toMatchObject({ code: 0 });
});

test('what cannot be compared is refused', async () => {
  const work = folder();
  const none = await mkbase(['diff', 'nonesuch', 'none', '--engine', engine], { cwd: work });
  expect(none).toMatchObject({ code: 2, stdout: '' });
  const unbuilt = busyboxRecipe(join(work, 'recipe'));
  const run = await mkbase(['diff', unbuilt, unbuilt], { cwd: work });
  expect(run).toMatchObject({ code: 2 });
  expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain('has neither a lock nor an output folder');
  const both = await mkbase(['diff', 'a', 'b', '--json', '--markdown'], { cwd: work });
  expect(both).toMatchObject({ code: 2 });
});

test.each(stores)('two images in $title are compared by their bytes', async ({ engine: store }) => {
  const work = folder();
  const tags = ['old', 'new'].map((name) => `mkbase-test/diff-${process.pid}:${name}`);
  try {
    for (const [at, tag] of tags.entries()) {
      const recipe = busyboxRecipe(join(work, 'recipe'), { more: withFile('/at', String(at)) });
      const args = [recipe, '--engine', store, '--out', 'out', '--tag', tag];
      const built = await mkbase(args, { cwd: work });
      expect(built, built.stderr).toMatchObject({ code: 0 });
    }
    const run = await mkbase(['diff', ...tags, '--engine', store, '--json'], { cwd: work });
    expect(run, run.stderr).toMatchObject({ code: 11 });
    const report = JSON.parse(run.stdout);
    expect(report).toMatchObject({ packages: [], compared: ['files', 'config'] });
    expect(report.paths).toMatchObject([{ path: './at', change: 'changed' }]);
  } finally {
    spawnSync(store, ['rmi', ...tags]);
  }
});
