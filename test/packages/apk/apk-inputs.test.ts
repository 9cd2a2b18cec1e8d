import { describe, expect, test } from 'vitest';
import {
  alpineDistro,
  apkIndexes,
  apkInputs,
  updateApks,
} from '../../../src/packages/apk/apk-inputs.ts';
import type { LockedApk, LockedApks } from '../../../src/packages/apk/locked-apks.ts';

const apk = (name: string, more: Partial<LockedApk> = {}): LockedApk => ({
  name,
  version: '1.2.5-r0',
  arch: 'x86_64',
  origin: name,
  license: 'MIT',
  repository: 'v3.20/main',
  filename: `v3.20/main/x86_64/${name}-1.2.5-r0.apk`,
  size: 1,
  checksum: 'Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  sha256: 'b'.repeat(64),
  ...more,
});

const index = (repository: string, date = 1_700_000_000) => ({
  repository,
  mirror: 'http://mirror.example/alpine',
  date,
  sha256: 'a'.repeat(64),
  signedBy: 'alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub',
  signature: 'rsa-sha1' as const,
});

const locked: LockedApks = {
  arch: 'x86_64',
  indexes: [index('v3.20/main'), index('v3.20/community')],
  wanted: ['musl'],
  packages: [apk('musl-utils', { origin: 'musl' }), apk('musl')],
  date: 1_600_000_000,
};

const url = 'http://mirror.example/alpine/v3.20/main/x86_64/APKINDEX.tar.gz';

describe('apkInputs', () => {
  test('describes a package of the image by its purl, its place, its bytes and its index', () => {
    expect(apkInputs(locked, alpineDistro('3.20.3'))[0]).toEqual({
      role: 'package',
      family: 'apk',
      name: 'musl-utils',
      version: '1.2.5-r0',
      architecture: 'x86_64',
      source: { name: 'musl' },
      uri: 'pkg:apk/alpine/musl-utils@1.2.5-r0?arch=x86_64&distro=alpine-3.20.3&upstream=musl',
      url: 'http://mirror.example/alpine/v3.20/main/x86_64/musl-utils-1.2.5-r0.apk',
      file: 'musl-utils-1.2.5-r0.apk',
      sha256: 'b'.repeat(64),
      trust: { by: 'index', index: url, sha256: 'a'.repeat(64) },
    });
  });

  test('names no release in the purl where none is known', () => {
    expect(apkInputs(locked, alpineDistro())[1]?.uri).toBe(
      'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64',
    );
  });

  test('lists what only runs apk last, as that, also where the image has it too', () => {
    const inputs = apkInputs({ ...locked, tools: [apk('apk-tools'), apk('musl')] }, alpineDistro());
    expect(inputs.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'musl-utils package',
      'musl package',
      'apk-tools package-tool',
      'musl package-tool',
    ]);
  });

  test.each(['packages', 'tools'])(
    'throws for one of the %s whose index the lock has not',
    (set) => {
      const stray = { ...locked, [set]: [apk('hello', { repository: 'edge/testing' })] };
      expect(() => apkInputs(stray, alpineDistro())).toThrow('hello is of no index of its lock');
    },
  );
});

test('apkIndexes names each APKINDEX, its file among the evidence, its signer and its date', () => {
  const [main, community] = apkIndexes(locked);
  expect(main).toEqual({
    role: 'index',
    name: 'APKINDEX of v3.20/main',
    file: 'v3.20-main.APKINDEX.tar.gz',
    url,
    sha256: 'a'.repeat(64),
    signedBy: ['alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub'],
    signature: 'rsa-sha1',
    dated: { part: 'apk packages', date: 1_700_000_000 },
  });
  expect(community?.file).toBe('v3.20-community.APKINDEX.tar.gz');
});

test('updateApks updates all packages of a source, and takes all else of the newer set', () => {
  const set = (version: string, date: number): LockedApks => ({
    ...locked,
    indexes: [index('v3.20/main', date)],
    packages: [
      apk('busybox', { version }),
      apk('musl', { version }),
      apk('musl-utils', { version, origin: 'musl' }),
    ],
    tools: [apk('apk-tools', { version })],
    date,
  });
  const updated = updateApks(set('1-r0', 1), set('2-r0', 2), new Set(['musl']));
  expect(updated.packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
    'busybox 1-r0',
    'musl 2-r0',
    'musl-utils 2-r0',
  ]);
  expect(updated).toMatchObject({ indexes: [{ date: 2 }], tools: [{ version: '2-r0' }], date: 2 });
});

test('updateApks refuses to keep packages of a branch that the newer set has left', () => {
  const later = (name: string) => apk(name, { version: '2-r0', repository: 'v3.21/main' });
  const after = {
    ...locked,
    indexes: [index('v3.21/main')],
    packages: [later('musl'), later('musl-utils'), later('busybox')],
  };
  const before = { ...locked, packages: [...locked.packages, apk('busybox')] };
  expect(() => updateApks(before, after, new Set(['musl']))).toThrow(
    'busybox is locked from v3.20/main, and the packages are now of v3.21/main',
  );
});
