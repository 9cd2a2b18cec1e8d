import { describe, expect, test } from 'vitest';
import {
  dateOf,
  debIndexes,
  debInputs,
  distroOfDebs,
  listedIn,
  suiteIndex,
  updateDebs,
} from '../../../src/packages/deb/deb-inputs.ts';
import type {
  LockedDebs,
  LockedIndex,
  LockedPackage,
} from '../../../src/packages/deb/locked-debs.ts';

const index = (suite: string, more: Partial<LockedIndex> = {}): LockedIndex => ({
  suite,
  components: ['main'],
  mirror: 'http://mirror.example/debian',
  date: 1_700_000_000,
  inRelease: 'a'.repeat(64),
  signedBy: ['F'.repeat(40)],
  ...more,
});

const deb = (name: string, more: Partial<LockedPackage> = {}): LockedPackage => ({
  name,
  version: '1:2.0-1',
  architecture: 'amd64',
  source: name,
  sourceVersion: more.version ?? '1:2.0-1',
  suite: 'trixie',
  filename: `pool/main/${name}_2.0-1_amd64.deb`,
  size: 1,
  sha256: 'b'.repeat(64),
  ...more,
});

const security = index('trixie-security', {
  mirror: 'http://security.example/debian-security',
  date: 1_800_000_000,
  inRelease: 'c'.repeat(64),
});

const locked: LockedDebs = {
  indexes: [index('trixie'), security],
  packages: [
    deb('zlib1g', { source: 'zlib' }),
    deb('libc6', { source: 'glibc', suite: 'trixie-security', filename: 'pool/u/libc6.deb' }),
  ],
};

describe('debInputs', () => {
  test('describes a package of the image by its purl, its place, its bytes and its index', () => {
    expect(debInputs(locked)[0]).toEqual({
      role: 'package',
      family: 'deb',
      name: 'zlib1g',
      version: '1:2.0-1',
      architecture: 'amd64',
      source: { name: 'zlib', version: '1:2.0-1' },
      uri: 'pkg:deb/debian/zlib1g@1:2.0-1?arch=amd64&distro=debian-13&upstream=zlib',
      url: 'http://mirror.example/debian/pool/main/zlib1g_2.0-1_amd64.deb',
      file: 'zlib1g_2.0-1_amd64.deb',
      sha256: 'b'.repeat(64),
      trust: {
        by: 'index',
        index: 'http://mirror.example/debian/dists/trixie/InRelease',
        sha256: 'a'.repeat(64),
      },
    });
  });

  test('keeps the order of the lock, and believes each package for the index that lists it', () => {
    const [first, second] = debInputs(locked);
    expect([first?.name, second?.name]).toEqual(['zlib1g', 'libc6']);
    expect(second?.url).toBe('http://security.example/debian-security/pool/u/libc6.deb');
    expect(second?.trust).toEqual(listedIn(security));
  });

  test('throws for a package whose index the lock has not', () => {
    const stray = { ...locked, packages: [deb('hello', { suite: 'sid' })] };
    expect(() => debInputs(stray)).toThrow('hello is of no index of its lock');
  });
});

describe('a package of a third party', () => {
  const vendor = index('vendor:trixie', { mirror: 'https://vendor.example/apt' });
  const tool = deb('tool', { suite: 'vendor:trixie' });
  const [own, theirs] = debInputs({
    indexes: [index('trixie'), vendor],
    packages: [deb('zlib1g'), tool],
  });

  test('is named by its archive, and as no package of the distribution', () => {
    expect(theirs?.vendor).toEqual({ name: 'vendor', repository: 'https://vendor.example/apt' });
    expect(theirs?.uri).toMatch(
      /^pkg:deb\/vendor\/tool@.*repository_url=https%3A%2F%2Fvendor\.example%2Fapt/,
    );
    expect(theirs?.uri).not.toContain('debian');
    expect(own?.vendor).toBeUndefined();
  });
});

describe('debIndexes', () => {
  test('names each InRelease, its file among the evidence, its signers and its date', () => {
    expect(debIndexes(locked)[1]).toEqual({
      role: 'index',
      name: 'InRelease of trixie-security',
      file: 'trixie-security.InRelease',
      url: 'http://security.example/debian-security/dists/trixie-security/InRelease',
      sha256: 'c'.repeat(64),
      signedBy: ['F'.repeat(40)],
      dated: { part: 'packages', date: 1_800_000_000 },
    });
  });

  test('gives a suite below a folder a file name without one', () => {
    expect(suiteIndex(index('trixie/updates'), 'archive')).toMatchObject({
      file: 'trixie-updates.InRelease',
      dated: { part: 'archive' },
    });
  });
});

describe('the distribution and the date of locked packages', () => {
  test.each([
    ['trixie', { id: 'debian', release: 'debian-13' }],
    ['noble', { id: 'ubuntu', release: 'ubuntu-24.04' }],
    ['sid', { id: 'debian', release: 'sid' }],
    ['constructor', { id: 'debian', release: 'constructor' }],
  ])('of %s follow from its first index', (suite, distro) => {
    const set = { indexes: [index(suite, { date: 7 }), security], packages: [] };
    expect(distroOfDebs(set)).toEqual(distro);
    expect(dateOf(set)).toBe(7);
  });

  test('are unknown without an index', () => {
    const none = { indexes: [], packages: [] };
    expect(distroOfDebs(none)).toEqual({ id: 'debian', release: '' });
    expect(dateOf(none)).toBeUndefined();
    expect([debInputs(none), debIndexes(none)]).toEqual([[], []]);
  });
});

test('updateDebs updates all packages of a source, and takes the newer indexes', () => {
  const set = (version: string, date: number): LockedDebs => ({
    indexes: [index('trixie', { date })],
    packages: [
      deb('bash', { version }),
      deb('libc-bin', { version, source: 'glibc' }),
      deb('libc6', { version, source: 'glibc' }),
    ],
  });
  const updated = updateDebs(set('1', 1), set('2', 2), new Set(['glibc']));
  expect(updated.packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
    'bash 1',
    'libc-bin 2',
    'libc6 2',
  ]);
  expect(updated.indexes[0]?.date).toBe(2);
});
