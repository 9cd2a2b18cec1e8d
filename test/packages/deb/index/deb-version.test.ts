import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareVersions,
  type Operator,
  versionSatisfies,
} from '../../../../src/packages/deb/index/deb-version.ts';

const part = fc
  .array(
    fc.constantFrom('0', '00', '1', '2', '10', 'a', 'Z', 'b', '~', '~~', '+', '.', 'rc', 'dfsg'),
    {
      minLength: 0,
      maxLength: 6,
    },
  )
  .map((pieces) => pieces.join(''));
const version = fc
  .tuple(
    fc.constantFrom('', '0:', '1:', '12:'),
    part,
    fc.option(part.filter((text) => text !== '')),
  )
  .map(
    ([epoch, upstream, revision]) =>
      `${epoch}1${upstream}${revision === null ? '' : `-${revision}`}`,
  );

/** What dpkg says of each pair, asked in one shell. */
function dpkgOrders(pairs: readonly (readonly [string, string])[]): number[] {
  const script =
    'while read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo -1; elif dpkg --compare-versions "$a" gt "$b"; then echo 1; else echo 0; fi; done';
  const input = pairs.map((pair) => `${pair.join(' ')}\n`).join('');
  return execFileSync('sh', ['-c', script], { input }).toString().trim().split('\n').map(Number);
}

describe('compareVersions', () => {
  test('orders any two versions as dpkg does', () => {
    const pairs = fc.sample(fc.tuple(version, version), { numRuns: 200, seed: 7 });
    const ours = pairs.map(([left, right]) => Math.sign(compareVersions(left, right)));
    expect(ours).toEqual(dpkgOrders(pairs));
  });

  test('puts a tilde before the end and letters before other characters', () => {
    const sorted = ['1~~', '1~~a', '1~', '1', '1a', '1b', '1+', '1.0', '2'];
    expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
  });

  test('takes the epoch first', () => {
    expect(compareVersions('1:1.0', '2.0')).toBeGreaterThan(0);
  });

  test('is a total order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

test.each([
  ['<<', [true, false, false]],
  ['<=', [true, true, false]],
  ['=', [false, true, false]],
  ['>=', [false, true, true]],
  ['>>', [false, false, true]],
] satisfies [Operator, boolean[]][])(
  'a version stands in the relation %s as Policy defines it',
  (operator, expected) => {
    const found = ['1.0', '2.0', '3.0'].map((each) => versionSatisfies(each, operator, '2.0'));
    expect(found).toEqual(expected);
  },
);
