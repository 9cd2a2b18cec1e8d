import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apkVersionSatisfies, compareApkVersions } from '../../../src/packages/apk/apk-version.ts';

const show = (left: string, right: string) => {
  const order = compareApkVersions(left, right);
  return `${left} ${order < 0 ? '<' : order > 0 ? '>' : '='} ${right}`;
};

/** What `apk version -t` of apk-tools 2.14.4 answers. */
const answers = [
  '1.05 < 1.5',
  '1.0 > 1.00',
  '1.01 < 1.1',
  '1.05 > 1.0',
  '1.10 > 1.05',
  '1.010 > 1.01',
  '1 < 1.0',
  '01 = 1',
  '1.0a > 1.0',
  '1.0a < 1.0.1',
  '1.2b < 1.2.0',
  '1.0_p1 > 1.0',
  '1.0_rc1 < 1.0',
  '1.0_rc1 < 1.0a',
  '1.0_p < 1.0_p0',
  '1.0_git20 > 1.0_git3',
  '1.0_p1_rc1 < 1.0_p1',
  '1.0_p1-r0 > 1.0-r5',
  '1.0_git < 1.0.1',
  '1.0-r1 > 1.0',
  '1.0-r0 > 1.0',
  '1.0-r1 < 1.0.1',
  '1.2.0_pre > 1.2',
  '1.07 > 1.007',
  '99999999999 > 9999999999',
];

const digits = fc.stringMatching(/^[0-9]{1,3}$/);
const version = fc
  .record({
    numbers: fc.array(digits, { minLength: 1, maxLength: 4 }),
    letter: fc.constantFrom('', '', 'a', 'z'),
    suffixes: fc.array(fc.constantFrom('_alpha', '_rc2', '_git20240101', '_p', '_p3'), {
      maxLength: 2,
    }),
    revision: fc.constantFrom('', '-r0', '-r12'),
  })
  .map(({ numbers, letter, suffixes, revision }) =>
    [numbers.join('.'), letter, ...suffixes, revision].join(''),
  );

describe('versions of Alpine', () => {
  test.each(answers)('are ordered as apk does: %s', (answer) => {
    const [left = '', , right = ''] = answer.split(' ');
    expect(show(left, right)).toBe(answer);
  });

  test('have one order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const sign = (left: string, right: string) => Math.sign(compareApkVersions(left, right));
        expect(sign(a, a)).toBe(0);
        expect(sign(a, b) + sign(b, a)).toBe(0);
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test.each(['', 'x', '1.', '1..2', '1.0_nothing', '1-r', '1.0-r1-r2', '1.0 ', '-1', 'v1'])(
    'are refused when they are none: %j',
    (text) => {
      expect(() => compareApkVersions(text, '1')).toThrow(SyntaxError);
    },
  );

  test.each([
    ['1.2.3-r0', '=', '1.2.3-r0', true],
    ['1.2.3-r0', '=', '1.2.3', false],
    ['1.2.3-r0', '~', '1.2', true],
    ['1.20-r0', '~', '1.2', false],
    ['1.2', '~', '1.2.3', false],
    ['1.3', '>~', '1.2', true],
    ['1.2.9', '<~', '1.2', true],
    ['1.3', '<~', '1.2', false],
    ['1.3', '>', '1.2', true],
    ['1.2', '>', '1.2', false],
    ['1.2', '<=', '1.2', true],
    ['1.3', '<', '1.2', false],
  ] as const)('%s %s %s is %s', (left, operator, right, holds) => {
    expect(apkVersionSatisfies(left, operator, right)).toBe(holds);
  });
});
