import { describe, expect, test } from 'vitest';
import { chosenIn } from '../../../src/kinds/apk/apk-output.ts';

describe("apk's answer", () => {
  test('names what is installed, and what takes the place of something', () => {
    const words = [
      'fetch of something',
      '(1/5) Purging old (1.0-r0)',
      '(2/5) Installing libstdc++ (13.2.1_git20240309-r0)',
      '(3/5) Upgrading musl (1.2.5-r0 -> 1.2.5-r1)',
      '(4/5) Downgrading zlib (1.3-r0 -> 1.2-r0)',
      '(5/5) Replacing busybox (1.36.1-r29 -> 1.36.1-r29)',
      'OK: 8 MiB in 17 packages',
    ];
    expect(chosenIn(words.join('\n'))).toEqual([
      { name: 'libstdc++', version: '13.2.1_git20240309-r0' },
      { name: 'musl', version: '1.2.5-r1' },
      { name: 'zlib', version: '1.2-r0' },
      { name: 'busybox', version: '1.36.1-r29' },
    ]);
  });

  test('may have its numbers in columns', () => {
    const numbers = Array.from({ length: 10 }, (_, at) => String(at + 1).padStart(2));
    const words = numbers.map((number) => `(${number}/10) Installing a${number.trim()} (1-r0)`);
    expect(chosenIn(words.join('\n'))).toHaveLength(10);
  });

  test('may be that there is nothing to do', () => {
    expect(chosenIn('OK: 8 MiB in 14 packages')).toEqual([]);
  });

  test.each([
    ['a line is missing', '(1/3) Installing a (1)\n(3/3) Installing b (1)'],
    ['the end is missing', '(1/2) Installing a (1)'],
    ['it says something else', '(1/1) Juggling a (1)'],
    ['a tag is there', '(1/1) Installing a (1'],
  ])('is refused when %s', (_, words) => {
    expect(() => chosenIn(words)).toThrow(expect.objectContaining({ code: 'BUILD_FAILED' }));
  });
});
