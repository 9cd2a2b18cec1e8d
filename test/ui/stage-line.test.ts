import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textWidth } from '../../src/base/characters.ts';
import { createPalette } from '../../src/ui/screen.ts';
import { type StageState, stageLine } from '../../src/ui/stage-line.ts';

const plain = createPalette(false);
const fetching: StageState = {
  title: 'Fetching 52 packages',
  elapsed: 1600,
  running: true,
  meter: { done: 39e6, total: 65e6, rate: 24e6 },
};

test('a running download shows a bar, sizes, rate, time left and time spent', () => {
  expect(stageLine(fetching, 92, plain)).toBe(
    'Fetching 52 packages  ━━━━━━━━━━━━────────  39.0/65.0 MB · 24 MB/s · 1 s left          1.6 s',
  );
});

test('with less room the bar shrinks, then goes, then the less important parts go', () => {
  expect(stageLine(fetching, 74, plain)).toBe(
    'Fetching 52 packages  ━━━━━───  39.0/65.0 MB · 24 MB/s · 1 s left    1.6 s',
  );
  expect(stageLine(fetching, 51, plain)).toBe(
    'Fetching 52 packages  39.0/65.0 MB · 24 MB/s  1.6 s',
  );
});

test('what is done shows what came of it, and its time at the right edge', () => {
  const done = { ...fetching, running: false, detail: '65.0 MB', elapsed: 2700 };
  expect(stageLine(done, 60, plain)).toBe(
    'Fetching 52 packages  65.0 MB                          2.7 s',
  );
});

test('a stage that has just begun shows no time yet', () => {
  const begun = { title: 'Resolving inputs', elapsed: 300, running: true };
  expect(stageLine(begun, 60, plain)).toBe('Resolving inputs');
});

test('no line is wider than it may be, with or without colour', () => {
  const state = fc.record({
    title: fc.string({ minLength: 1, maxLength: 60 }),
    elapsed: fc.integer({ min: 0, max: 10_000_000 }),
    running: fc.boolean(),
    detail: fc.option(fc.string({ maxLength: 90 }), { nil: undefined }),
    meter: fc.option(
      fc.record({
        done: fc.integer({ min: 0, max: 1e12 }),
        total: fc.option(fc.integer({ min: 0, max: 1e12 }), { nil: undefined }),
        rate: fc.option(fc.double({ min: 0, max: 1e10, noNaN: true }), { nil: undefined }),
      }),
      { nil: undefined },
    ),
  });
  fc.assert(
    fc.property(state, fc.integer({ min: 24, max: 120 }), (each, width) => {
      const line = stageLine(each, width, plain);
      expect(textWidth(line)).toBeLessThanOrEqual(width);
      const colored = stageLine(each, width, createPalette(true));
      expect(colored.replace(/\p{Cc}\[\d+m/gu, '')).toBe(line);
    }),
  );
});
