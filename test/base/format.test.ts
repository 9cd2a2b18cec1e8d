import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytesIn,
  formatBytes,
  formatCount,
  formatDoneOfTotal,
  formatDuration,
  formatExactBytes,
  formatRate,
  formatWholeSeconds,
  plural,
} from '../../src/base/format.ts';

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [696, '696 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [10_072, '10.1 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [65_012_345, '65.0 MB'],
    [3_200_000_000, '3.2 GB'],
    [3_200_000_000_000, '3.2 TB'],
    [3.2e15, '3200.0 TB'],
  ])('%d bytes are shown as %s', (bytes, shown) => {
    expect(formatBytes(bytes)).toBe(shown);
  });

  test('the exact number stands beside a rounded size', () => {
    expect(formatExactBytes(696)).toBe('696 B');
    expect(formatExactBytes(170_213_888)).toBe('170.2 MB (170,213,888 bytes)');
  });

  test('done and total share the unit of the total', () => {
    expect(formatDoneOfTotal(12_300_000, 65_000_000)).toBe('12.3/65.0 MB');
    expect(formatDoneOfTotal(500, 65_000_000)).toBe('0.0/65.0 MB');
    expect(formatDoneOfTotal(0, 0)).toBe('0/0 B');
  });

  test('a size never takes more than nine characters up to a petabyte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_000_000_000_000 }), (bytes) => {
        expect(formatBytes(bytes).length).toBeLessThanOrEqual(9);
      }),
    );
  });
});

test.each([
  [31_400_000, '31 MB/s'],
  [9_500, '9.5 kB/s'],
  [12, '12 B/s'],
])('%d bytes a second are shown as %s', (rate, shown) => {
  expect(formatRate(rate)).toBe(shown);
});

test.each([
  [4, '4 ms'],
  [99.6, '0.1 s'],
  [1849, '1.8 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [3_780_000, '1 h 3 min'],
])('%d milliseconds are shown as %s', (milliseconds, shown) => {
  expect(formatDuration(milliseconds)).toBe(shown);
});

test('a guess at seconds has no decimals', () => {
  expect(formatWholeSeconds(7.6)).toBe('8 s');
});

test('thousands are set apart', () => {
  expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
});

test('one thing is singular, and every other number of things is plural', () => {
  expect(plural(2, 'mismatch', 'mismatches')).toBe('2 mismatches');
  expect(plural(12_345, 'entry', 'entries')).toBe('12,345 entries');
  expect([0, 1, 2].map((count) => plural(count, 'container'))).toEqual([
    '0 containers',
    '1 container',
    '2 containers',
  ]);
});

test('a size is read by its unit, and anything else is none', () => {
  const sizes = ['0B', '7B', '5GB', '500MiB', '2TB'].map(bytesIn);
  expect(sizes).toEqual([0, 7, 5e9, 500 * 1024 ** 2, 2e12]);
  for (const other of ['', '5', 'GB', '5 GB', '5gb', '-5GB', '5.5GB', '5GBs', '5constructor']) {
    expect(bytesIn(other)).toBeUndefined();
  }
});
