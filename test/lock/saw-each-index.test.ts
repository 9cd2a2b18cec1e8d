import { expect, test } from 'vitest';
import { inputSets } from '../../src/lock/inputs.ts';
import { rememberedProof, sawEachIndex } from '../../src/lock/prove.ts';
import { lockedDebs, lockOf } from '../support/lock.ts';

test('a lock whose updates nothing hangs on is seen whole only with their signed index', () => {
  const debs = lockedDebs();
  const [index] = debs.indexes;
  const updates = { ...index!, suite: 'trixie-updates', inRelease: 'f'.repeat(64) };
  const lock = lockOf('debs', { ...debs, indexes: [index!, updates] });
  expect(inputSets(lock).flatMap(({ indexes }) => indexes)).toHaveLength(2);
  const whole = rememberedProof(lock);
  expect(sawEachIndex(lock, whole)).toBe(true);
  const signed = whole.signed.filter(({ sha256 }) => sha256 !== updates.inRelease);
  expect(sawEachIndex(lock, { ...whole, signed })).toBe(false);
});
