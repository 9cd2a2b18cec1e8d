import { describe, expect, test } from 'vitest';
import type { Warning } from '../../../src/base/events.ts';
import {
  judgeKey,
  type KeyLife,
  type Revocation,
} from '../../../src/packages/keyrings/judge-key.ts';

const date = (text: string) => new Date(`${text}T00:00:00Z`);
const now = date('2026-06-01');
const signedAt = date('2026-01-01');

const life = (changes: Partial<KeyLife> = {}): KeyLife => ({
  name: 'K',
  created: date('2020-01-01'),
  ...changes,
});
const revoked = (on: string, reason: Revocation['reason']) =>
  life({ revoked: { date: date(on), reason } });

/** The verdict when something is pinned, and for a lock of before. */
function verdicts(key: KeyLife, allow: readonly string[] = [], at = signedAt) {
  const past = { allow, warn: () => {} };
  return [
    judgeKey(key, { now, signedAt: at }).verdict,
    judgeKey(key, { now, signedAt: at, past }).verdict,
  ];
}

const [yes, warned, no] = ['accepted', 'warned', 'refused'];

describe('a key whose signature holds', () => {
  test.each<[string, KeyLife, string[]]>([
    ['is good', life(), [yes!, yes!]],
    ['expires later', life({ expires: date('2026-06-02') }), [yes!, yes!]],
    ['has expired since', life({ expires: date('2026-03-01') }), [no!, warned!]],
    ['expires this second', life({ expires: now }), [no!, warned!]],
    ['had expired when it signed', life({ expires: date('2025-12-31') }), [no!, no!]],
    ['expired in the second in which it signed', life({ expires: signedAt }), [no!, no!]],
    ['is newer than what it signed', life({ created: date('2026-01-02') }), [no!, no!]],
    ['has no dates', { name: 'K' }, [yes!, yes!]],
    ['was lost since', revoked('2026-03-01', 'compromised'), [no!, no!]],
    ['was lost before', revoked('2025-03-01', 'compromised'), [no!, no!]],
    ['is said to be lost in the future', revoked('2027-01-01', 'compromised'), [no!, no!]],
    ['was retired since', revoked('2026-03-01', 'retired'), [no!, warned!]],
    ['was superseded since', revoked('2026-03-01', 'superseded'), [no!, warned!]],
    ['had been retired when it signed', revoked('2025-12-31', 'retired'), [no!, no!]],
    ['was retired in the second in which it signed', revoked('2026-01-01', 'retired'), [no!, no!]],
    ['will be superseded', revoked('2027-01-01', 'superseded'), [yes!, yes!]],
  ])('%s', (_, key, expected) => {
    expect(verdicts(key)).toEqual(expected);
  });

  test('that may be in other hands is let pass for a lock alone, and only where that is allowed', () => {
    const lost = revoked('2026-03-01', 'compromised');
    expect(verdicts(lost, ['revoked-key'])).toEqual([no, warned]);
    expect(verdicts(lost, ['unsigned-archive'])).toEqual([no, no]);
  });

  test('is let pass for nothing else: neither a retired key nor an expired one that signed too late', () => {
    const allow = ['revoked-key'];
    expect(verdicts(revoked('2025-12-31', 'retired'), allow)).toEqual([no, no]);
    expect(verdicts(life({ expires: date('2025-12-31') }), allow)).toEqual([no, no]);
    const both = { ...revoked('2026-03-01', 'compromised'), expires: date('2025-12-31') };
    expect(verdicts(both, allow)).toEqual([no, no]);
  });
});

describe('a warning', () => {
  const past = { allow: ['revoked-key'], warn: () => {} };
  const warningsOf = (key: KeyLife): readonly Warning[] => {
    const judgement = judgeKey(key, { now, signedAt, past });
    return judgement.verdict === 'warned' ? judgement.warnings : [];
  };

  test('names the key, the dates, the key in its place and what may be done', () => {
    const key = life({ expires: date('2026-03-01'), replacedBy: 'L' });
    expect(warningsOf(key)).toEqual([
      {
        code: 'expired-key',
        message:
          'Key K expired on 2026-03-01; it signed on 2026-01-01. Today L signs in its place.',
        advice: expect.stringMatching(/mkbase update.*or go on/),
      },
    ]);
  });

  test('is given for each thing that is wrong', () => {
    const lost = { ...revoked('2026-02-01', 'compromised'), expires: date('2026-03-01') };
    expect(warningsOf(lost).map(({ code }) => code)).toEqual(['revoked-key', 'expired-key']);
    expect(warningsOf(revoked('2026-02-01', 'retired'))).toMatchObject([
      { code: 'retired-key', message: expect.stringContaining('it is retired') },
    ]);
  });

  test('is no refusal: a refusal of a lost key says how to go on', () => {
    const judgement = judgeKey(revoked('2026-03-01', 'compromised'), {
      now,
      signedAt,
      past: { ...past, allow: [] },
    });
    expect(judgement).toMatchObject({
      reason: 'was revoked on 2026-03-01: somebody else may hold it',
      hint: expect.stringMatching(/mkbase update.*--allow revoked-key/),
    });
  });
});
