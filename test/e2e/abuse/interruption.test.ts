import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Stage } from '../../../src/base/events.ts';
import { folderForEachTest } from '../../support/folder.ts';
import { type BusyboxOptions, busyboxRecipe } from '../support/busybox-recipe.ts';
import { everySetting } from '../support/engines.ts';
import { holdingMirror } from '../support/holding-mirror.ts';
import { observe, type RawEvent } from '../support/observed-run.ts';
import { traces } from '../support/traces.ts';

/** A build that comes to a stage and stays there. */
interface Hold {
  readonly stage: Stage;
  readonly signal: 'SIGINT' | 'SIGTERM';
  /** What makes the stage last; `word` is a number of seconds that nothing else on the machine waits. */
  readonly options?: (word: string) => BusyboxOptions;
  /** What the mirror holds back. */
  readonly withheld?: RegExp;
  /** The event after which, and the milliseconds after it, that the signal is sent. */
  readonly at: (event: RawEvent) => boolean;
  readonly after: number;
}

const starts = (stage: Stage) => (event: RawEvent) =>
  event.type === 'stage-start' && event.stage === stage;
const many = 150_000_000;

const holds: readonly Hold[] = [
  { stage: 'lock', signal: 'SIGINT', withheld: /InRelease$/, at: starts('lock'), after: 300 },
  {
    stage: 'fetch',
    signal: 'SIGTERM',
    options: (word) => ({ toolchainMark: word }),
    withheld: /\.deb$/,
    at: starts('fetch'),
    after: 300,
  },
  {
    stage: 'toolchain',
    signal: 'SIGINT',
    options: () => ({ toolchainBytes: many }),
    at: starts('toolchain'),
    after: 300,
  },
  {
    stage: 'build',
    signal: 'SIGTERM',
    options: (word) => ({ build: `echo holding\nsleep ${word}` }),
    at: (event) => event.type === 'log' && event.line === 'holding',
    after: 0,
  },
  {
    stage: 'rootfs',
    signal: 'SIGINT',
    options: () => ({ imageBytes: many }),
    at: (event) => event.type === 'progress' && event.stage === 'rootfs',
    after: 0,
  },
  {
    stage: 'image',
    signal: 'SIGTERM',
    options: () => ({ imageBytes: many }),
    at: starts('image'),
    after: 100,
  },
  {
    stage: 'image',
    signal: 'SIGINT',
    at: starts('image'),
    after: 30,
  },
  {
    stage: 'test',
    signal: 'SIGINT',
    options: (word) => ({ test: ['sleep', word] }),
    at: starts('test'),
    after: 400,
  },
];

const exitCodes = { SIGINT: 130, SIGTERM: 143 };

const folder = folderForEachTest();

for (const setting of everySetting) {
  const { title, engine, settings, missing } = setting;
  describe.skipIf(missing !== undefined)(
    `a build with ${title}${missing ? ` [left out: ${missing}]` : ''}`,
    () => {
      test.each(holds)(
        'that gets $signal in stage $stage ends and leaves nothing, and the next one succeeds',
        async ({ signal, options, withheld, at, after }) => {
          const work = folder();
          const word = String(randomInt(1_000_000, 9_000_000));
          const mirror = withheld && (await holdingMirror(withheld));
          const fresh: Record<string, string> = withheld
            ? { XDG_CACHE_HOME: join(work, 'cache') }
            : {};
          const { env = {}, ...rest } = settings();
          const cache = fresh.XDG_CACHE_HOME ?? env.XDG_CACHE_HOME ?? process.env.MKBASE_TEST_CACHE;
          const recipe = join(work, 'recipe');
          const args = [recipe, '--engine', engine, '--out', join(work, 'out'), '--json'];
          busyboxRecipe(recipe, options?.(word));
          let sent = false;
          const run = await observe(
            args,
            { cwd: work, ...rest, env: { ...env, ...fresh, ...mirror?.env, WORD: word } },
            async (event, pid) => {
              if (sent || !at(event)) return;
              sent = true;
              await pause(after);
              process.kill(pid, signal);
            },
          );
          await mirror?.close();
          const query = {
            engine,
            pids: [run.pid],
            folders: [work, join(cache ?? '', 'mkbase')],
            word,
          };
          expect(traces(query)).toEqual([]);
          expect(run).toMatchObject({ code: exitCodes[signal], stdout: '' });
          expect(run.events.at(-1)).toMatchObject({ type: 'error', code: 'INTERRUPTED' });

          busyboxRecipe(recipe);
          const next = await observe(args, { cwd: work, ...rest, env: { ...env, ...fresh } });
          expect(next).toMatchObject({ code: 0 });
          expect(traces({ ...query, pids: [run.pid, next.pid] })).toEqual([]);
        },
      );
    },
  );
}
