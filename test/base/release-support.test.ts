import { expect, test } from 'vitest';
import { endedWords, hasEnded, supportWords } from '../../src/base/release-support.ts';

const bookworm = { title: 'Debian 12', until: '2026-07-11', longTerm: '2028-06-30' };
const alpine = { title: 'Alpine 3.20', until: '2026-04-01' };

test('a release has ended when the last day of the longest support is over', () => {
  expect(hasEnded(alpine, new Date('2026-04-01T23:59:59Z'))).toBe(false);
  expect(hasEnded(alpine, new Date('2026-04-02T00:00:00Z'))).toBe(true);
  expect(hasEnded(bookworm, new Date('2027-01-01'))).toBe(false);
  expect(hasEnded(bookworm, new Date('2028-07-01'))).toBe(true);
  expect(hasEnded({ title: 'Debian 14', until: undefined }, new Date('2040-01-01'))).toBe(false);
});

test('which support ended, and since when, is said', () => {
  expect(supportWords(bookworm, new Date('2026-11-20'))).toBe(
    'regular support ended on 2026-07-11, long-term support until 2028-06-30',
  );
  expect(endedWords(alpine, new Date('2026-11-20'))).toBe(
    'Alpine 3.20 has ended (support ended on 2026-04-01)',
  );
  expect(supportWords({ title: 'Debian 14', until: undefined }, new Date(0))).toBe(
    'no end of support is known',
  );
});
