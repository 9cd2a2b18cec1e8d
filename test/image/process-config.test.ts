import { expect, test } from 'vitest';
import { nanoseconds, seconds } from '../../src/image/process-config.ts';

test.each([
  ['1ms', '1000000'],
  ['30s', '30000000000'],
  ['5m', '300000000000'],
  ['999999s', '999999000000000'],
  ['999999m', '59999940000000000'],
  ['999999h', '3599996400000000000'],
])('writes %s as exactly %s nanoseconds', (text, expected) => {
  expect(JSON.stringify(nanoseconds(text))).toBe(expected);
});

test('keeps fractions of a second', () => {
  expect(seconds('1500ms')).toBe(1.5);
});
