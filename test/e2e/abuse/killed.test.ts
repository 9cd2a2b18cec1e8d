import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../../support/folder.ts';
import { timesOf } from '../../support/proofs.ts';
import { seeded } from '../../support/random.ts';
import { wrongBlobs } from '../support/blobs.ts';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import { everySetting } from '../support/engines.ts';
import { mkbase } from '../support/mkbase.ts';
import { observe } from '../support/observed-run.ts';
import { processesWith, traces } from '../support/traces.ts';

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was quicker than that.
  }
}

const times = timesOf('buildKills');
/** Builds are killed at latest this many milliseconds after their start. */
const longest = 1500;

const folder = folderForEachTest();

for (const setting of everySetting) {
  const { title, engine, settings, missing } = setting;
  describe.skipIf(missing !== undefined)(
    `builds with ${title}${missing ? ` [left out: ${missing}]` : ''}`,
    () => {
      test(
        `that are killed at ${times} random moments leave nothing that \`mkbase gc\` and the next build do not remove`,
        async () => {
          const work = folder();
          const { env = {}, ...rest } = settings();
          const cache = join(work, 'cache');
          const word = `killed-${engine}-${process.pid}`;
          const own = { cwd: work, ...rest, env: { ...env, XDG_CACHE_HOME: cache, WORD: word } };
          const recipe = join(work, 'recipe');
          const args = [recipe, '--engine', engine, '--out', join(work, 'out')];
          const random = seeded(engine.length);
          const pids: number[] = [];
          busyboxRecipe(recipe);
          expect(await mkbase(args, own)).toMatchObject({ code: 0 });
          for (let turn = 0; turn < times; turn++) {
            busyboxRecipe(recipe, { toolchainMark: `${word}-${turn}`, imageBytes: 20_000_000 });
            const after = Math.round(random() * longest);
            const run = await observe([...args, '--no-cache'], {
              ...own,
              onStart: (pid) => void pause(after).then(() => killIfThere(pid)),
            });
            pids.push(run.pid);
            expect(await wrongBlobs(cache)).toEqual([]);
          }
          // An engine's CLI outlives mkbase by what it was in the middle of.
          const isImport = (found: string) => / (import|load) /.test(found);
          while (processesWith(word).some(isImport)) await pause(50);

          expect(await mkbase(['gc'], own)).toMatchObject({ code: 0, stderr: '' });
          while (processesWith(word).length > 0) await pause(50);
          const left = () => traces({ engine, pids, folders: [cache], word });
          // A daemon that has all of an image ends its import alone, and shows nobody that it is at it.
          const afterGc = () => mkbase(['gc'], own).then(left);
          if (engine === 'docker') await expect.poll(afterGc, { timeout: 60_000 }).toEqual([]);
          expect(left()).toEqual([]);
          // What stands beside an output only the next build of that output can know of.
          expect(await mkbase(args, own)).toMatchObject({ code: 0 });
          expect(traces({ engine, pids, folders: [work], word })).toEqual([]);
        },
        times * 60_000,
      );
    },
  );
}
