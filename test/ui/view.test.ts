import { expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import type { Event } from '../../src/base/events.ts';
import { attributeToRunning, createRawJsonView } from '../../src/ui/view.ts';
import { failedBuild } from '../support/ui/build-events.ts';
import { createPlayer } from '../support/ui/play.ts';
import { createScreen } from '../support/ui/screen.ts';

test('every event is one line of JSON, and a failure is the last', async () => {
  const screen = createScreen();
  const player = createPlayer();
  const view = createRawJsonView(screen, player.clock);
  player.play(failedBuild, view.emit);
  await view.end(
    new MkbaseError({ code: 'BUILD_FAILED', message: 'gcc failed', hint: 'Correct the source.' }),
  );
  const lines = screen.text().trimEnd().split('\n');
  expect(lines).toHaveLength(failedBuild.length + 1);
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('type');
  await expect(screen.text()).toMatchFileSnapshot('../golden/ui/rawjson-failed-build.txt');
});

test('a build that went well ends without a line of its own', async () => {
  const screen = createScreen();
  await createRawJsonView(screen, () => 0).end();
  expect(screen.text()).toBe('');
});

const start = (stage: Event['stage']): Event => ({ type: 'stage-start', stage, title: 'x' });
const progress: Event = { type: 'progress', stage: 'fetch', done: 1 };

function attributed(events: readonly Event[]): string[] {
  const seen: string[] = [];
  const emit = attributeToRunning(({ type, stage }) => seen.push(`${type} ${stage}`));
  events.forEach(emit);
  return seen;
}

test('a download while inputs are resolved belongs to that stage', () => {
  expect(attributed([start('lock'), progress])).toEqual(['stage-start lock', 'progress lock']);
});

test('a download of its own stage stays there', () => {
  expect(attributed([start('fetch'), progress])).toEqual(['stage-start fetch', 'progress fetch']);
});

test('a stage that has ended gets nothing more', () => {
  const events: Event[] = [
    start('fetch'),
    { type: 'stage-done', stage: 'fetch' },
    start('toolchain'),
    progress,
  ];
  expect(attributed(events).at(-1)).toBe('progress toolchain');
});

test('without any stage running, an event keeps its own', () => {
  expect(attributed([progress])).toEqual(['progress fetch']);
});
