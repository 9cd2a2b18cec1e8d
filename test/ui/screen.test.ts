import { expect, test } from 'vitest';
import { createPalette, wantsColor } from '../../src/ui/screen.ts';

test.each([
  ['a terminal is coloured', {}, true, true],
  ['a pipe is not', {}, false, false],
  ['a dumb terminal is not', { TERM: 'dumb' }, true, false],
  ['NO_COLOR wins on a terminal', { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR says nothing', { NO_COLOR: '' }, true, true],
  ['FORCE_COLOR colours a pipe', { FORCE_COLOR: '1' }, false, true],
  ['FORCE_COLOR=0 means none', { FORCE_COLOR: '0' }, true, false],
  ['NO_COLOR wins over FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
] as const)('%s', (_, env, isTTY, expected) => {
  expect(wantsColor(env, isTTY)).toBe(expected);
});

test('styles switch off what they switched on, and empty text gets none', () => {
  const { red, bold } = createPalette(true);
  expect(bold(red('no'))).toBe('\u001b[1m\u001b[31mno\u001b[39m\u001b[22m');
  expect(red('')).toBe('');
});

test('without colour, text stays as it is', () => {
  expect(createPalette(false).red('no')).toBe('no');
});
