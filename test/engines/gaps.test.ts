import { expect, test } from 'vitest';
import type { Event } from '../../src/base/events.ts';
import { warnOnce } from '../../src/engines/gaps.ts';

const memory = { code: 'shared-memory-not-limited', message: 'No memory.', advice: 'Use docker.' };
const calls = { code: 'system-calls-not-filtered', message: 'No filter.', advice: 'Use docker.' };

function listening() {
  const events: Event[] = [];
  const io = { emit: (event: Event) => events.push(event), signal: new AbortController().signal };
  return { io, events };
}

test('all gaps are one warning, which says each advice once', () => {
  const { io, events } = listening();
  warnOnce()([memory, calls], 'build', io);
  const warning = { code: 'sandbox-gap', message: 'No memory. No filter.', advice: 'Use docker.' };
  expect(events).toEqual([{ type: 'warning', stage: 'build', warning }]);
});

test('a run warns once, and when there is something to tell', () => {
  const { io, events } = listening();
  const warn = warnOnce();
  warn([], 'build', io);
  expect(events).toEqual([]);
  warn([memory], 'test', io);
  warn([memory], 'build', io);
  warn([calls], 'test', io);
  expect(events).toMatchObject([{ stage: 'test', warning: { message: 'No memory.' } }]);
});
