import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { readLockFile } from './support/debootstrap-by-hand.ts';
import { everySetting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const work = temporaryFolder();

/** Builds a recipe from the mirror in reach, and checks its evidence; returns its lock and its warnings. */
async function built(name: string, debs: string) {
  const folder = join(work, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'recipe.yaml'), `name: ${name}\nfrom:\n  debs: ${debs}\n`);
  const out = join(folder, 'out');
  const args = [folder, '--engine', 'namespace', '--out', out, '--json'];
  const run = await mkbase(args, { cwd: work });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  const verified = await mkbase(['verify', out], { cwd: work });
  expect(verified, verified.stderr).toMatchObject({ code: 0 });
  const { warnings } = JSON.parse(run.stdout) as { warnings: { code: string; message: string }[] };
  return { lock: readLockFile(out), warnings };
}

const none = !everySetting.some(({ engine, missing }) => engine === 'namespace' && !missing);

describe.skipIf(none)("suites of Debian's archive beside the current one", () => {
  test('bullseye, which has ended and is still served, builds as it is and warns', async () => {
    const { warnings } = await built('ended', '{ suite: bullseye, packages: [libc6] }');
    expect(warnings).toMatchObject([
      { code: 'ended-release', message: expect.stringContaining('2026-08-31') },
    ]);
  });

  test('backports give what is asked from them, and nothing else', async () => {
    const sources = 'sources: [{ suite: trixie-backports }]';
    const { lock, warnings } = await built(
      'backported',
      `{ suite: trixie, ${sources}, packages: [tmux/trixie-backports] }`,
    );
    expect(warnings).toEqual([]);
    const text = JSON.stringify(lock);
    const suites = [...text.matchAll(/"name":"([a-z0-9.+-]+)"[^{}]*?"suite":"trixie-backports"/g)];
    expect(suites.map(([, name]) => name)).toEqual(['tmux']);
  });
});
