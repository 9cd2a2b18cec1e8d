import { describe, expect, test } from 'vitest';
import { mergeUpdated } from '../../src/packages/update.ts';

const list = (...words: string[]) =>
  words.map((word) => {
    const [name = '', version = ''] = word.split('=');
    return { name, version };
  });

/** Merges with these names updated; the result as words. */
const merged = (before: string[], after: string[], ...updated: string[]) =>
  mergeUpdated(list(...before), list(...after), ({ name }) => updated.includes(name)).map(
    ({ name, version }) => `${name}=${version}`,
  );

describe('mergeUpdated', () => {
  test('takes what is updated from the new list, and all else from the old one', () => {
    expect(merged(['a=1', 'b=1', 'c=1'], ['a=2', 'b=2', 'c=2'], 'b')).toEqual([
      'a=1',
      'b=2',
      'c=1',
    ]);
  });

  test('brings along what only the new list has', () => {
    expect(merged(['b=1'], ['a=2', 'b=2'], 'b')).toEqual(['a=2', 'b=2']);
  });

  test('keeps what only the old list has', () => {
    expect(merged(['a=1', 'b=1'], ['b=2'], 'b')).toEqual(['a=1', 'b=2']);
  });

  test('drops what is updated and no longer in the new list', () => {
    expect(merged(['a=1', 'b=1'], ['a=2'], 'b')).toEqual(['a=1']);
  });

  test('sorts by name in the order of code units, wherever a package came from', () => {
    expect(merged(['z=1', 'b=1', 'B=1'], ['b+=2', 'a=2', 'b=2'], 'b')).toEqual([
      'B=1',
      'a=2',
      'b=2',
      'b+=2',
      'z=1',
    ]);
  });

  test('changes nothing when nothing is updated, and takes all when all is', () => {
    expect(merged(['a=1', 'b=1'], ['a=2', 'b=2'])).toEqual(['a=1', 'b=1']);
    expect(merged(['a=1', 'b=1'], ['a=2', 'b=2'], 'a', 'b')).toEqual(['a=2', 'b=2']);
  });
});
