import { expect, test } from 'vitest';
import type { Event, Io } from '../../../src/base/events.ts';
import { inFetchStage } from '../../../src/pipeline/inputs/fetch-inputs.ts';

const progress: Event = { type: 'progress', stage: 'fetch', done: 0, total: 7 };

async function eventsOf(work: (io: Io) => Promise<string>): Promise<Event[]> {
  const events: Event[] = [];
  const emit = (event: Event) => void events.push(event);
  const io = { emit, signal: new AbortController().signal };
  await inFetchStage(io, 'Fetching inputs', work, (value) => value).catch(() => undefined);
  return events;
}

test('fetching is told when the first download begins, and only once', async () => {
  const events = await eventsOf(async ({ emit }) => {
    emit(progress);
    emit(progress);
    return '1 file';
  });
  expect(events).toEqual([
    { type: 'stage-start', stage: 'fetch', title: 'Fetching inputs' },
    progress,
    progress,
    { type: 'stage-done', stage: 'fetch', detail: '1 file' },
  ]);
});

test('nothing is said to be fetched where everything is stored', async () => {
  expect(await eventsOf(async () => '43 files')).toEqual([
    { type: 'stage-skip', stage: 'fetch', reason: 'everything is in the cache: 43 files' },
  ]);
});

test('fetching is skipped, and not left out, where nothing is needed', async () => {
  expect(await eventsOf(async () => '')).toEqual([
    { type: 'stage-skip', stage: 'fetch', reason: 'everything is in the cache' },
  ]);
});

test('a download that fails is not said to be done', async () => {
  const events = await eventsOf(async ({ emit }) => {
    emit(progress);
    throw new Error('cut');
  });
  expect(events.map(({ type }) => type)).toEqual(['stage-start', 'progress']);
});
