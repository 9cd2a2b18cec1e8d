import { expect, test } from 'vitest';
import type { Event } from '../../src/base/events.ts';
import { attributeToRunning } from '../../src/ui/attribute.ts';

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
