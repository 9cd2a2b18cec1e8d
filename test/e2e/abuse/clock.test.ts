import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderForEachTest } from '../../support/folder.ts';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import { everySetting } from '../support/engines.ts';
import { mkbase, type Run } from '../support/mkbase.ts';

const folder = folderForEachTest();
const [{ engine } = { engine: 'auto' }] = everySetting.filter(({ missing }) => !missing);
const years = (count: number) => ['faketime', '-f', `${count >= 0 ? '+' : ''}${count * 365}d`];

/** The year that a clock so far off shows. */
const yearOf = (off: readonly string[]) =>
  execFileSync('faketime', [...off.slice(1), 'date', '+%Y'])
    .toString()
    .trim();

test.each([
  [-10, /from the future/],
  [10, /expired|valid until/],
])('a clock that is %i years off is named where it matters', async (off, reason) => {
  const work = folder();
  writeFileSync(join(work, 'recipe.yaml'), 'name: clock\nfrom:\n  debs: { packages: [netbase] }\n');
  const through = years(off);
  const run = await mkbase(['./recipe.yaml', '--engine', engine], { cwd: work, through });
  expect(run).toMatchObject({ code: 4, stdout: '' });
  expect(run.stderr).toMatch(reason);
  const hint = run.stderr.slice(run.stderr.indexOf('hint:')).replaceAll(/\s+/g, ' ');
  expect(hint).toContain(`clock`);
  expect(hint).toContain(`${yearOf(through)}-`);
  expect(run.stderr).toContain('code: SOURCE_UNTRUSTED');
});

test('with a lock, the bytes do not depend on the clock', async () => {
  const work = folder();
  const recipe = busyboxRecipe(join(work, 'recipe'));
  const out = join(work, 'out');
  const args = [recipe, '--engine', engine, '--out', out, '--json', '--output', 'type=oci'];
  const digests = (run: Run) => {
    const { diffId, manifestDigest } = JSON.parse(run.stdout) as Record<string, string>;
    return { diffId, manifestDigest };
  };
  const now = await mkbase(args, { cwd: work });
  expect(now).toMatchObject({ code: 0 });
  for (const off of [-10, 10]) {
    rmSync(join(out, 'image.oci.tar'));
    const then = await mkbase(args, { cwd: work, through: years(off) });
    expect(digests(then)).toEqual(digests(now));
  }
});
