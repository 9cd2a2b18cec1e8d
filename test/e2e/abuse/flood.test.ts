import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { folderForEachTest } from '../../support/folder.ts';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import { everySetting } from '../support/engines.ts';
import { cliFile, environment } from '../support/mkbase.ts';

const folder = folderForEachTest();
const [{ engine } = { engine: 'auto' }] = everySetting.filter(({ missing }) => !missing);

/** The most memory that a process has held so far, in bytes (proc(5), VmHWM). */
const peakOf = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;

/** Before the limit of 150 MB, for a build does more than this one; five times more without a bound. */
const bound = 220_000_000;

test.each([
  ['lines', "yes 'a line of a hostile build' >&2"],
  ['a line that never ends', "busybox yes aaaaaaaaaaaaaaaa | busybox tr -d '\\n' >&2"],
])(
  'a build that floods its log with %s does not fill the memory, though nobody reads as fast',
  async (_, build) => {
    const work = folder();
    const recipe = busyboxRecipe(join(work, 'recipe'), { build });
    const args = [cliFile(), recipe, '--engine', engine, '--progress', 'plain'];
    const child = spawn(process.execPath, args, {
      cwd: work,
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let read = 0;
    for await (const chunk of child.stderr) {
      read += (chunk as Buffer).length;
      if (read > 20_000_000) break;
      await pause(1);
    }
    const peak = peakOf(child.pid ?? 0);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(peak).toBeLessThan(bound);
  },
);
