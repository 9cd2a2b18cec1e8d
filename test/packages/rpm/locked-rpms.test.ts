import { expect, test } from 'vitest';
import { lockedRpms } from '../../../src/packages/rpm/locked-rpms.ts';

const repository = (name: string, sha256: string) => ({
  ...{ name, sha256, url: `https://mirror.example/${name}`, signed: 'packages', date: 1 },
});

const lockOf = (...repositories: object[]) => ({
  ...{ arch: 'x86_64', repositories, wanted: [], packages: [], date: 1 },
});

test('a lock has repositories with lists of their own, and states of one of them', () => {
  const lock = lockOf(repository('baseos', '00'.repeat(32)), repository('baseos', '11'.repeat(32)));
  expect(lockedRpms.safeParse(lock).success).toBe(true);
});

test('a lock that names one list for two repositories is refused', () => {
  const same = '00'.repeat(32);
  const { error } = lockedRpms.safeParse(
    lockOf(repository('baseos', same), repository('appstream', same)),
  );
  expect(error?.issues).toMatchObject([
    {
      path: ['repositories', 1, 'sha256'],
      message: 'expected another list than that of baseos',
    },
  ]);
});
