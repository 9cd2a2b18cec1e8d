import { expect, test } from 'vitest';
import { debianChanges } from '../../../src/kinds/static/debian-changes.ts';
import type { LockedArchive } from '../../../src/kinds/static/locked-archive.ts';

const index = {} as Extract<LockedArchive['trust'], { by: 'index' }>['index'];
const sha256 = '0'.repeat(64);
const archive = (version?: string, trust: LockedArchive['trust'] = { by: 'index', index }) => ({
  ...{ url: 'http://d/redis_8.0.2.orig.tar.gz', name: 'redis_8.0.2.orig.tar.gz', sha256, trust },
  ...(version !== undefined && { version }),
});

test.each([
  '5:8.0.2-3+deb13u3',
  '7.88.1-10+deb12u14',
  '1.1.1w-0+deb11u2',
  '1.26.3-3+deb13u10',
  '3.0.17-1~deb12u2',
  '1.0-1~deb12u11',
])(
  'what Debian corrected in %s is not in a program that is made from upstream’s archive',
  (version) => {
    const warning = debianChanges(archive(version));
    expect(warning?.code).toBe('without-debian-changes');
    expect(warning?.message).toContain(`corrected in ${version}`);
    expect(warning?.message).toContain('redis_8.0.2.orig.tar.gz is what upstream published');
  },
);

test.each([
  '5:8.0.2-3',
  '1.22.1-9',
  '1:1.3.dfsg+really1.3.1-1',
  '1.0~deb-2',
  '2.0+debian-1',
  '2025.89-1~deb13u1',
])('of %s nothing is told: Debian corrected nothing within a release', (version) =>
  expect(debianChanges(archive(version))).toBeUndefined(),
);

test('of an archive that a recipe or a signature pins nothing is told, whatever its version', () => {
  const version = '5:8.0.2-3+deb13u3';
  expect(debianChanges(archive(version, { by: 'recipe' }))).toBeUndefined();
  const signed = { by: 'signature', url: 'http://d/x.sig', sha256, signedBy: [] } as const;
  expect(debianChanges(archive(version, signed))).toBeUndefined();
  expect(debianChanges(archive())).toBeUndefined();
});
