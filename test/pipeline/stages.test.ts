import { expect, test } from 'vitest';
import type { Event } from '../../src/base/events.ts';
import { inStage, stageClock } from '../../src/pipeline/stages.ts';

function listening() {
  const events: Event[] = [];
  const emit = (event: Event) => void events.push(event);
  return { events, clock: stageClock({ emit, signal: new AbortController().signal }) };
}

test('every event is passed on, and each stage that ended is timed', async () => {
  const { events, clock } = listening();
  const value = await inStage(clock.io, 'rootfs', 'Working', async () => 7, String);
  expect(value).toBe(7);
  expect(events).toEqual([
    { type: 'stage-start', stage: 'rootfs', title: 'Working' },
    { type: 'stage-done', stage: 'rootfs', detail: '7' },
  ]);
  expect(clock.timings()).toEqual({ rootfs: expect.any(Number), total: expect.any(Number) });
});

test('a stage that fails is not said to be done', async () => {
  const { events, clock } = listening();
  const failing = inStage(
    clock.io,
    'build',
    'Working',
    () => Promise.reject(new Error('no')),
    String,
  );
  await expect(failing).rejects.toThrow('no');
  expect(events.map(({ type }) => type)).toEqual(['stage-start']);
  expect(Object.keys(clock.timings())).toEqual(['total']);
});

test('warnings are collected for the result', () => {
  const { clock } = listening();
  const warning = { code: 'static-nss', message: 'It uses getaddrinfo.' };
  clock.io.emit({ type: 'warning', stage: 'build', warning });
  expect(clock.warnings).toEqual([warning]);
});
