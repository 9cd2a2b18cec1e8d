import { describe, expect, test } from 'vitest';
import { type LockedRpm, lockedRpms } from '../../../src/packages/rpm/locked-rpms.ts';

const sha256 = 'a'.repeat(64);

const bash: LockedRpm = {
  ...{ name: 'bash', version: '5.2-1', architecture: 'x86_64', repository: 'os', href: 'b.rpm' },
  source: { name: 'bash', version: '5.2-1' },
  ...{ size: 1, sha256, header: sha256, signedBy: ['A'.repeat(40)] },
};

const lock = (...packages: readonly LockedRpm[]) => ({
  arch: 'x86_64',
  repositories: [{ name: 'os', url: 'https://a.example/os', signed: 'packages', date: 1, sha256 }],
  ...{ wanted: ['bash'], packages, date: 1 },
});

describe('a lock of packages of rpm', () => {
  test('may hold a package for two architectures, and in two versions', () => {
    const others = [
      { ...bash, architecture: 'i686' },
      { ...bash, version: '5.3-1' },
    ];
    expect(lockedRpms.safeParse(lock(bash, ...others)).success).toBe(true);
  });

  test.each([
    [
      'a package twice',
      [bash, { ...bash, sha256: 'b'.repeat(64) }],
      'expected bash 5.2-1 x86_64 once',
    ],
    [
      'a repository that it does not list',
      [{ ...bash, repository: 'other' }],
      'expected one of os',
    ],
  ])('is refused with %s', (_, packages, message) => {
    const { error } = lockedRpms.safeParse(lock(...packages));
    expect(error?.issues.map((each) => each.message)).toEqual([message]);
  });
});

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
