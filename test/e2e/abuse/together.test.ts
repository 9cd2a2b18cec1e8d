import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../../support/folder.ts';
import { wrongBlobs } from '../support/blobs.ts';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import { everySetting } from '../support/engines.ts';
import { mkbase } from '../support/mkbase.ts';
import { observe } from '../support/observed-run.ts';
import { traces } from '../support/traces.ts';

const folder = folderForEachTest();

for (const setting of everySetting) {
  const { title, engine, settings, missing } = setting;
  describe.skipIf(missing !== undefined)(
    `two builds at once with ${title}${missing ? ` [left out: ${missing}]` : ''}`,
    () => {
      test('of the same recipe and into the same folder both succeed with the same digest', async () => {
        const work = folder();
        const { env = {}, ...rest } = settings();
        const word = `together-${process.pid}-${engine}`;
        const own = { cwd: work, ...rest, env: { ...env, WORD: word } };
        const recipe = busyboxRecipe(join(work, 'recipe'), { toolchainMark: word });
        const args = [recipe, '--engine', engine, '--out', join(work, 'out'), '--json'];
        const runs = await Promise.all([observe(args, own), observe(args, own)]);
        expect(runs).toEqual([
          expect.objectContaining({ code: 0 }),
          expect.objectContaining({ code: 0 }),
        ]);
        const [one, other] = runs.map(
          ({ stdout }) => JSON.parse(stdout) as { diffId: string; manifestDigest: string },
        );
        expect(one?.diffId).toBe(other?.diffId);
        expect(one?.manifestDigest).toBe(other?.manifestDigest);
        const pids = runs.map(({ pid }) => pid);
        // The image and the builder of the first have lost their tags to those of the second. Without
        // the word: a rootless podman that is asked leaves a process of its own running.
        expect(await mkbase(['gc'], { ...own, env })).toMatchObject({ code: 0, stderr: '' });
        expect(traces({ engine, pids, folders: [work], word })).toEqual([]);
      });

      test('that share an empty store, one of them killed while it writes: the other ends right', async () => {
        const work = folder();
        const { env = {}, ...rest } = settings();
        const cache = join(work, 'cache');
        const word = `together-${process.pid}-${engine}`;
        const own = { cwd: work, ...rest, env: { ...env, XDG_CACHE_HOME: cache, WORD: word } };
        const recipe = busyboxRecipe(join(work, 'recipe'), { toolchainMark: `${word}-killed` });
        const args = [recipe, '--engine', engine, '--json', '--out'];
        const [killed, other] = await Promise.all([
          observe([...args, join(work, 'one')], own, ({ type }, pid) => {
            // The first bytes of the largest file, the index, have just come.
            if (type === 'progress') process.kill(pid, 'SIGKILL');
          }),
          observe([...args, join(work, 'other')], own),
        ]);
        expect(killed).toMatchObject({ code: null, stdout: '' });
        expect(other).toMatchObject({ code: 0 });
        expect(await wrongBlobs(cache)).toEqual([]);
        expect(
          await mkbase(['gc'], { ...own, env: { ...env, XDG_CACHE_HOME: cache } }),
        ).toMatchObject({ code: 0 });
        const pids = [killed.pid, other.pid];
        expect(traces({ engine, pids, folders: [work], word })).toEqual([]);
      });
    },
  );
}

describe('a source that is edited while it is built', () => {
  test('is built anew by the next build', async () => {
    const [setting] = everySetting.filter(({ missing }) => !missing);
    const work = folder();
    mkdirSync(join(work, 'recipe'));
    const beside = join(work, 'recipe/words');
    writeFileSync(beside, 'before\n');
    const recipe = busyboxRecipe(join(work, 'recipe'), {
      build: 'echo holding\nsleep 1',
      more: 'files: [{ path: /words, source: words }]',
    });
    const args = [recipe, '--engine', setting?.engine ?? 'auto', '--json'];
    const own = { cwd: work };
    let edited = false;
    const first = await observe(args, own, (event) => {
      if (edited || event.type !== 'stage-start' || event.stage !== 'image') return;
      edited = true;
      writeFileSync(beside, 'after\n');
    });
    const second = await mkbase(args, own);
    const third = await mkbase(args, own);
    const [one, two, three] = [first, second, third].map(
      ({ stdout }) => JSON.parse(stdout) as { diffId: string; cached: boolean },
    );
    expect(two?.cached).toBe(false);
    expect(two?.diffId).not.toBe(one?.diffId);
    expect(three).toMatchObject({ cached: true, diffId: two?.diffId });
  });
});
