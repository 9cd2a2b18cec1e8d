import { setTimeout as sleep } from 'node:timers/promises';
import { MkbaseError } from '../../../src/base/errors.ts';
import { createUi, type ProgressMode } from '../../../src/ui/ui.ts';
import { failedBuild, firstBuild, firstResult } from './build-events.ts';

/**
 * Plays a made-up build on the real terminal: `demo.mjs [tty|plain|rawjson] [ok|fail|fast] [speed]`.
 * For looking at, and for the test that runs it under a pseudo-terminal.
 */
const [mode = 'auto', kind = 'ok', speed = '1'] = process.argv.slice(2);
const ui = createUi({
  progress: mode as ProgressMode,
  result: 'summary',
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  clock: () => performance.timeOrigin + performance.now(),
});
for (const { after, event } of kind === 'fail' ? failedBuild : firstBuild) {
  if (kind !== 'fast') await sleep(after / Number(speed));
  ui.emit(event);
}
if (kind === 'fail') {
  await ui.fail(
    new MkbaseError({
      code: 'BUILD_FAILED',
      message:
        "gcc -Os -static hello.c ended with exit code 1.\nhello.c: In function '_start':\nhello.c:12:3: error: unknown type name 'imt'; did you mean 'int'?\n   12 |   imt answer;\n      |   ^~~",
      hint: 'Correct the source and run the same command again.',
    }),
  );
} else {
  const warnings = firstBuild.flatMap(({ event }) =>
    event.type === 'warning' ? [event.warning] : [],
  );
  await ui.finish(
    { ...firstResult, warnings },
    { cwd: '/home/me', runCommand: 'mkbase run hello', runnable: true },
  );
}
