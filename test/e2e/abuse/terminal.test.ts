import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type BusyboxOptions, busyboxRecipe } from '../support/busybox-recipe.ts';
import { everySetting } from '../support/engines.ts';
import { mkbase, root } from '../support/mkbase.ts';
import { traces } from '../support/traces.ts';
import { workFolder } from '../support/work-folder.ts';

const folder = workFolder('terminal');
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

for (const { title, engine, settings, missing } of usable) {
  describe.skipIf(missing !== undefined)(
    `Ctrl-C on a terminal with ${title}${missing ? ` [left out: ${missing}]` : ''}`,
    () => {
      test.each(moments)(
        'while %s ends with 130, gives the terminal back and leaves nothing',
        async (_, options, text, seconds) => {
          const work = folder();
          const word = String(randomInt(1_000_000, 9_000_000));
          const { env = {}, ...rest } = settings();
          const pidFile = join(work, 'pid');
          const recipe = busyboxRecipe(join(work, 'recipe'), options(word));
          const args = [recipe, '--engine', engine, '--out', join(work, 'out')];
          const run = await mkbase([...args, '--no-cache'], {
            cwd: work,
            ...rest,
            through: pressing(text, seconds, pidFile),
            env: { ...env, TERM: 'xterm', WORD: word },
          });
          expect(run.code).toBe(130);
          expect(run.stdout).toContain('Stopped by SIGINT.');
          expect(run.stdout.lastIndexOf(shows)).toBeGreaterThan(run.stdout.lastIndexOf(hides));
          const cache = env.XDG_CACHE_HOME ?? process.env.MKBASE_TEST_CACHE ?? '';
          const pids = [Number(readFileSync(pidFile, 'utf8'))];
          const folders = [work, join(cache, 'mkbase')];
          expect(traces({ engine, pids, folders, word })).toEqual([]);
        },
      );
    },
  );
}
