import { describe, expect, test } from 'vitest';
import { meets, parseRelations, showGroup } from '../../../../src/packages/deb/index/relations.ts';

const parsed = (field: string) => parseRelations(field, 'amd64').map(showGroup);

describe('parseRelations', () => {
  test('reads groups, alternatives and versions', () => {
    expect(parsed('libc6 (>= 2.38), mawk | gawk (<< 6), a (=1:2.0-1)')).toEqual([
      'libc6 (>= 2.38)',
      'mawk | gawk (<< 6)',
      'a (= 1:2.0-1)',
    ]);
  });

  test('reads the obsolete < and > as including equality', () => {
    expect(parsed('a (< 1), b (> 2)')).toEqual(['a (<= 1)', 'b (>= 2)']);
  });

  test('takes :any, :native and the own architecture as the package itself', () => {
    expect(parsed('python3:any, gcc:native, make:amd64')).toEqual(['python3', 'gcc', 'make']);
  });

  test('leaves out what is for another architecture', () => {
    expect(
      parsed('a:i386 | b, c [arm64], d [amd64 arm64], e [!amd64], f [!i386], g [linux-any]'),
    ).toEqual(['b', 'd', 'f', 'g']);
  });

  test('an empty or absent field has no groups', () => {
    expect(parseRelations(undefined, 'amd64')).toEqual([]);
    expect(parsed(' , ')).toEqual([]);
  });

  test('refuses what is no relationship', () => {
    expect(() => parsed('lib c6')).toThrow(SyntaxError);
    expect(() => parsed('a (>= 1')).toThrow('expected a package relationship');
  });
});

describe('meets', () => {
  const versioned = { name: 'mta', constraint: { operator: '>=', version: '2' } } as const;

  test('a virtual package without a version meets no versioned relation', () => {
    expect(meets({ name: 'mta', version: undefined }, versioned)).toBe(false);
    expect(meets({ name: 'mta', version: undefined }, { name: 'mta' })).toBe(true);
  });

  test('a version is compared', () => {
    expect(meets({ name: 'mta', version: '2.1' }, versioned)).toBe(true);
    expect(meets({ name: 'mta', version: '1.9' }, versioned)).toBe(false);
  });
});
