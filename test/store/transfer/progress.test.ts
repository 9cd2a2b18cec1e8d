import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { trackProgress } from '../../../src/store/transfer/progress.ts';
import { recordingIo } from '../../support/store.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('progress is told ten times a second at the most, and the end always', () => {
  const { io, events } = recordingIo();
  const progress = trackProgress('fetch', 1000, io.emit);
  for (let step = 0; step < 1000; step++) {
    progress.moved('file', 1);
    vi.advanceTimersByTime(1);
  }
  progress.finish();
  expect(events).toHaveLength(11);
  expect(events[1]).toMatchObject({ done: 101, total: 1000, item: 'file' });
  expect(events.at(-1)).toEqual({ type: 'progress', stage: 'fetch', done: 1000, total: 1000 });
});

test('progress without a known total names none, and goes back when bytes are thrown away', () => {
  const { io, events } = recordingIo();
  const progress = trackProgress('fetch', undefined, io.emit);
  progress.moved('file', 10);
  vi.advanceTimersByTime(100);
  progress.moved('file', -4);
  expect(events).toEqual([
    { type: 'progress', stage: 'fetch', done: 10, item: 'file' },
    { type: 'progress', stage: 'fetch', done: 6, item: 'file' },
  ]);
});
