import { expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { createSeveralUi, type Outcome } from '../../src/ui/several.ts';
import type { ResultMode } from '../../src/ui/summary.ts';
import { failedBuild, firstBuild, firstResult } from '../support/ui/build-events.ts';
import { createPlayer } from '../support/ui/play.ts';
import { createScreen } from '../support/ui/screen.ts';

const error = new MkbaseError({ code: 'BUILD_FAILED', message: 'gcc failed', hint: 'Mend it.' });
const warning = { code: 'some', message: 'Something is odd.', advice: 'Look at it.' };
const outcomes: readonly Outcome[] = [
  { build: 'hello', result: { ...firstResult, warnings: [warning] } },
  { build: './longer-name', error },
];

async function shown(result: ResultMode, progress: 'plain' | 'none' | 'rawjson') {
  const [stdout, stderr] = [createScreen(), createScreen()];
  const { clock, play } = createPlayer();
  const builds = outcomes.map(({ build }) => build);
  const ui = createSeveralUi({ progress, result, stdout, stderr, env: {}, clock }, builds);
  const [first, second] = builds.map((build) => ui.emitOf(build));
  // The stages of one run between those of the other.
  for (let at = 0; at < Math.max(firstBuild.length, failedBuild.length); at++) {
    play(firstBuild.slice(at, at + 1), first!);
    play(failedBuild.slice(at, at + 1), second!);
    if (at === failedBuild.length) ui.ended(outcomes[1]!);
  }
  ui.ended(outcomes[0]!);
  await ui.finish(outcomes);
  return { stdout: stdout.text(), stderr: stderr.text() };
}

test('several builds are told line by line, each by its name, then as a table and the errors', async () => {
  const { stdout, stderr } = await shown('summary', 'plain');
  await expect(`${stderr}\n${stdout}`).toMatchFileSnapshot('../golden/ui/plain-several-builds.txt');
});

test('of several builds --quiet prints the images alone, and the errors', async () => {
  const { stdout, stderr } = await shown('id', 'none');
  expect(stdout).toBe(`${firstResult.imageId}\n`);
  expect(stderr).toBe(
    './longer-name failed\nerror: gcc failed\nhint: Mend it.\ncode: BUILD_FAILED\n1 of 2 built; failed: ./longer-name\n',
  );
});

test('every line of rawjson names its build, and so do its ends', async () => {
  const { stderr } = await shown('summary', 'rawjson');
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(new Set(lines.map(({ build }) => build))).toEqual(new Set(['hello', './longer-name']));
  expect(lines.filter(({ type }) => type === 'built' || type === 'error')).toEqual([
    expect.objectContaining({ type: 'error', build: './longer-name', code: 'BUILD_FAILED' }),
    expect.objectContaining({ type: 'built', build: 'hello' }),
  ]);
});
