import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../../support/folder.ts';
import { type BusyboxOptions, busyboxRecipe } from '../support/busybox-recipe.ts';
import { everySetting } from '../support/engines.ts';
import { cliFile, environment, mkbase, root } from '../support/mkbase.ts';
import { processesWith, traces } from '../support/traces.ts';

const folder = folderForEachTest();
const script = join(root, 'test/e2e/support/terminal.py');

/**
 * `through` of a run on a terminal of 80 by 24 where Ctrl-C is pressed a moment after a text was seen.
 * The process's number goes into `pidFile`.
 */
const pressing = (text: string, seconds: number, pidFile: string) => [
  ...['python3', script, '80', '24', text, String(seconds)],
  ...['sh', '-c', 'echo $$ >"$0"; exec "$@"', pidFile],
];

/** The ordinary user that root stands in for could not read the script. */
const isRoot = process.getuid?.() === 0;
const usable = everySetting.filter(({ title }) => !(isRoot && title.includes('ordinary')));

// ECMA-48 with DEC's private mode 25: hides and shows the cursor.
const hides = '\u001b[?25l';
const shows = '\u001b[?25h';

const moments: readonly (readonly [string, (word: string) => BusyboxOptions, string, number])[] = [
  ['a builder works', (word) => ({ build: `echo holding\nsleep ${word}` }), 'holding', 0.5],
  ['an image is packaged', () => ({ imageBytes: 150_000_000 }), 'Packaging', 0.1],
];

/** The words that make a program of the image wait, after it has said so. */
const waiting = (word: string) => [
  '/busybox',
  'sh',
  '-c',
  `echo ready; exec /busybox sleep ${word}`,
];

for (const { title, engine, settings, missing } of usable) {
  describe.skipIf(missing !== undefined)(
    `Ctrl-C on a terminal with ${title}${missing ? ` [left out: ${missing}]` : ''}`,
    () => {
      /** Presses Ctrl-C during a run, and expects its end and nothing else to be left. */
      async function press(
        work: string,
        args: readonly string[],
        word: string,
        [text, seconds]: readonly [string, number],
      ) {
        const { env = {}, ...rest } = settings();
        const pidFile = join(work, 'pid');
        const run = await mkbase(args, {
          cwd: work,
          ...rest,
          through: pressing(text, seconds, pidFile),
          env: { ...env, TERM: 'xterm', WORD: word },
        });
        expect(run.code).toBe(130);
        expect(run.stdout.lastIndexOf(shows)).toBeGreaterThanOrEqual(run.stdout.lastIndexOf(hides));
        const cache = env.XDG_CACHE_HOME ?? process.env.MKBASE_TEST_CACHE ?? '';
        const pids = [Number(readFileSync(pidFile, 'utf8'))];
        const folders = [work, join(cache, 'mkbase')];
        expect(traces({ engine, pids, folders, word })).toEqual([]);
        return run;
      }

      test.each(moments)(
        'while %s ends with 130, gives the terminal back and leaves nothing',
        async (_, options, text, seconds) => {
          const work = folder();
          const word = String(randomInt(1_000_000, 9_000_000));
          const recipe = busyboxRecipe(join(work, 'recipe'), options(word));
          const args = [recipe, '--engine', engine, '--out', join(work, 'out'), '--no-cache'];
          const run = await press(work, args, word, [text, seconds]);
          expect(run.stdout).toContain('Stopped by SIGINT.');
        },
      );

      test('while an image runs stops it, though its program does not listen', async () => {
        const work = folder();
        const word = String(randomInt(1_000_000, 9_000_000));
        const recipe = busyboxRecipe(join(work, 'recipe'));
        const args = ['run', recipe, '--engine', engine, '--out', join(work, 'out'), '--'];
        await press(work, [...args, ...waiting(word)], word, ['ready', 0.3]);
      });
    },
  );
}

test('an image whose output nobody reads any more is not left running', () => {
  const [{ engine } = { engine: 'auto' }] = usable.filter(({ missing }) => !missing);
  const work = folder();
  const recipe = busyboxRecipe(join(work, 'recipe'));
  const run = `"${process.execPath}" "${cliFile()}" run ${recipe} --engine ${engine}`;
  const line = `${run} -- /busybox yes ${work} | head -n 1`;
  const options: ExecFileSyncOptions = {
    cwd: work,
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  };
  expect(execFileSync('sh', ['-c', line], options).toString()).toBe(`${work}\n`);
  expect(processesWith(`/busybox\0yes\0${work}`)).toEqual([]);
});
