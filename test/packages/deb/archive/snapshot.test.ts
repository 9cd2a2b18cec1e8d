import { expect, test } from 'vitest';
import { snapshotUrls } from '../../../../src/packages/deb/archive/snapshot.ts';
import { debDownloads } from '../../../../src/packages/deb/choose/resolve.ts';

const mirrors = {
  main: 'http://mirror.example/debian',
  security: 'http://mirror.example/debian-security',
  snapshot: 'https://snapshot.example/archive',
};
const index = { suite: 'trixie', date: Date.UTC(2026, 8, 10, 8, 15, 41) / 1000 };

test('a locked package is asked of the archive of past states last, as it was a day after the index', () => {
  const locked = {
    indexes: [
      {
        ...index,
        components: ['main'],
        mirror: 'http://gone.example/debian',
        inRelease: '',
        signedBy: [],
      },
    ],
    packages: [
      {
        ...{
          name: 'hello',
          version: '1',
          architecture: 'amd64',
          source: 'hello',
          sourceVersion: '1',
        },
        ...{ suite: 'trixie', filename: 'pool/h/hello_1.deb', size: 1, sha256: 'a'.repeat(64) },
      },
    ],
  };
  expect(debDownloads(locked, { mirrors })[0]?.urls).toEqual([
    'http://mirror.example/debian/pool/h/hello_1.deb',
    'http://gone.example/debian/pool/h/hello_1.deb',
    'https://snapshot.example/archive/debian/20260911T081541Z/pool/h/hello_1.deb',
  ]);
});

test('security updates have an archive of their own', () => {
  const security = { ...index, suite: 'trixie-security' };
  expect(snapshotUrls(mirrors, security, 'pool/x.deb')).toEqual([
    'https://snapshot.example/archive/debian-security/20260911T081541Z/pool/x.deb',
  ]);
});

test('a distribution whose past states nobody keeps is not asked for them', () => {
  const { snapshot: _, ...without } = mirrors;
  expect(snapshotUrls(without, index, 'pool/x.deb')).toEqual([]);
});
