import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareEvr,
  compareRpmVersions,
  evrText,
  parseEvr,
} from '../../../src/packages/rpm/evr.ts';

/** Compares pairs of versions by rpm's own library. */
function byRpm(pairs: readonly (readonly [string, string])[]): number[] {
  const script = `import json, rpm, sys
print(json.dumps([rpm.labelCompare(("0", a, "1"), ("0", b, "1")) for a, b in json.load(sys.stdin)]))`;
  const input = JSON.stringify(pairs);
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', script], { input }).toString());
}

describe('versions', () => {
  test('are compared as rpm compares them', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      '01',
      '10',
      '9',
      'a',
      'B',
      'rc',
      '.',
      '_',
      '+',
      '~',
      '^',
      '1.0',
      '..',
    );
    const version = fc.array(piece, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''));
    const pairs = fc.sample(fc.tuple(version, version), 5000);
    const expected = byRpm(pairs);
    pairs.forEach(([a, b], at) => {
      expect(compareRpmVersions(a, b), `${a} and ${b}`).toBe(expected[at]);
    });
  });

  test('with numbers of any length are ordered by them', () => {
    const pairs = [
      ['1'.repeat(40), '2'.repeat(39)],
      ['0'.repeat(30), '0'],
      ['20240101', '1000'],
    ] as const;
    expect(pairs.map(([a, b]) => compareRpmVersions(a, b))).toEqual(byRpm(pairs));
  });

  test('are ordered by their epochs first, and by their releases last', () => {
    const order = ['1:0.1-1', '2-1', '1.0-2', '1.0-1.fc40', '1.0-1', '1.0~rc1-9', '0:0.9^git1-1'];
    const sorted = [...order].sort((a, b) => -compareEvr(parseEvr(a), parseEvr(b)));
    expect(sorted).toEqual(order);
  });

  test('are written as rpm shows them, and read back', () => {
    expect(evrText(parseEvr('0:1.2-3'))).toBe('1.2-3');
    expect(evrText(parseEvr('2:1.2~a-3.el9'))).toBe('2:1.2~a-3.el9');
    for (const text of ['', '1', 'a:1-2', '1-2-3', '1:2:3-4']) {
      expect(() => parseEvr(text), text).toThrow(SyntaxError);
    }
  });
});
