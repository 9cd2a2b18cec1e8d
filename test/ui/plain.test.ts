import { expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { createPlainView } from '../../src/ui/plain.ts';
import { createPalette } from '../../src/ui/screen.ts';
import { failedBuild, firstBuild, type TimedEvent } from '../support/ui/build-events.ts';
import { createPlayer } from '../support/ui/play.ts';
import { createScreen } from '../support/ui/screen.ts';

async function shown(events: readonly TimedEvent[], error?: MkbaseError): Promise<string> {
  const screen = createScreen();
  const player = createPlayer();
  const view = createPlainView(screen, createPalette(false), player.clock);
  player.play(events, view.emit);
  await view.end(error);
  return screen.text();
}

test('a first build is told line by line', async () => {
  await expect(await shown(firstBuild)).toMatchFileSnapshot('../golden/ui/plain-first-build.txt');
});

test('a failed build says which stage failed, after the lines of the compiler', async () => {
  const error = new MkbaseError({ code: 'BUILD_FAILED', message: 'gcc failed' });
  await expect(await shown(failedBuild, error)).toMatchFileSnapshot(
    '../golden/ui/plain-failed-build.txt',
  );
});

test('progress takes a line at most every two seconds', async () => {
  const events: TimedEvent[] = Array.from({ length: 100 }, (_, step) => ({
    after: 100,
    event: { type: 'progress', stage: 'fetch', done: step * 1000, total: 100_000 },
  }));
  const lines = (await shown(events)).trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe('fetch      20.0/100.0 kB · 10 kB/s · 8 s left');
});

test('progress is told only when something moved', async () => {
  const progress = (done: number): TimedEvent => ({
    after: 3000,
    event: { type: 'progress', stage: 'lock', done, total: 310_200 },
  });
  const text = await shown([0, 0, 100_000, 100_000, 310_200, 0, 0, 100_000].map(progress));
  expect(text.split('\n').map((line) => line.split(' · ')[0])).toEqual([
    'lock       100.0/310.2 kB',
    'lock       310.2/310.2 kB',
    'lock       100.0/310.2 kB',
    '',
  ]);
});

test('a build whose inputs are all stored says so at its stage', async () => {
  const reason = 'everything is in the cache';
  const text = await shown([{ after: 0, event: { type: 'stage-skip', stage: 'fetch', reason } }]);
  expect(text).toBe('fetch      skipped: everything is in the cache\n');
});

test("a tool's own lines cannot be taken for lines of mkbase", async () => {
  const forged = '\u001b[2K\rrootfs     done in 1 ms';
  const text = await shown([{ after: 0, event: { type: 'log', stage: 'build', line: forged } }]);
  expect(text).toBe('build      | rootfs     done in 1 ms\n');
});
