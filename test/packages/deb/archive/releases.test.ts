import { describe, expect, test } from 'vitest';
import {
  releaseOfSuite,
  releases,
  securitySuite,
  supportOfSuite,
} from '../../../../src/packages/deb/archive/releases.ts';

const on = (date: string) => new Date(`${date}T12:00:00Z`);
const now = on('2026-11-20');

describe('the table of releases', () => {
  test.each(['debian', 'ubuntu'] as const)('of %s has whole rows, the oldest first', (name) => {
    const rows = releases[name];
    for (const { version, suite, released, ends, longTerm } of rows) {
      expect(`${version} ${suite}`).toMatch(/^\d+(?:\.\d\d)?(?: LTS)? [a-z]+$/);
      const dates = [released, ends, longTerm].filter((each) => each !== undefined);
      for (const date of dates) expect(new Date(date).toISOString()).toBe(`${date}T00:00:00.000Z`);
      expect(dates).toEqual([...dates].sort());
      expect(ends === undefined).toBe(released === undefined);
    }
    const released = rows.flatMap((each) => each.released ?? []);
    expect(released).toEqual([...released].sort());
    expect(new Set(rows.map(({ suite }) => suite)).size).toBe(rows.length);
  });

  test('says of Debian when regular and when long-term support ends, and of Ubuntu the one end', () => {
    expect(supportOfSuite('bullseye', 'debian', now)).toEqual({
      title: 'Debian 11 (bullseye)',
      until: '2024-08-14',
      longTerm: '2026-08-31',
    });
    expect(supportOfSuite('noble', 'ubuntu', now)).toEqual({
      title: 'Ubuntu 24.04 LTS (noble)',
      until: '2029-05-31',
    });
  });

  test('knows the suites beside a release, and Debian by its aliases of that day', () => {
    const suiteOf = (suite: string, date = now) => releaseOfSuite(suite, 'debian', date)?.suite;
    expect(suiteOf('trixie-backports')).toBe('trixie');
    expect(suiteOf('buster/updates')).toBe('buster');
    expect(suiteOf('stable')).toBe('trixie');
    expect(suiteOf('stable', on('2025-01-01'))).toBe('bookworm');
    expect(suiteOf('oldstable-updates')).toBe('bookworm');
    expect(suiteOf('sid')).toBeUndefined();
    expect(releaseOfSuite('stable', 'ubuntu', now)).toBeUndefined();
  });

  test('tells what the suite of security updates is called', () => {
    expect(securitySuite('buster', 'debian')).toBe('buster/updates');
    expect(securitySuite('bullseye', 'debian')).toBe('bullseye-security');
    expect(securitySuite('xenial', 'ubuntu')).toBe('xenial-security');
  });
});
