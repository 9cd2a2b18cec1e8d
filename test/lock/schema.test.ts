import { describe, expect, test } from 'vitest';
import { lockProblems } from '../../src/lock/lock-file.ts';
import { lockVersion } from '../../src/lock/schema.ts';
import type { LockedPackage } from '../../src/packages/deb/locked-debs.ts';
import { fromOf, lockedDeb, lockedDebs, lockOf, trixie } from '../support/lock.ts';

const sha256 = 'a'.repeat(64);

const hello = lockedDeb('hello', {
  version: '2:1.0~rc1-1+b1',
  sourceVersion: '2:1.0~rc1-1',
  filename: 'pool/main/h/hello/hello_1.0~rc1-1+b1_amd64.deb',
});

const archive = {
  url: 'https://example.org/hello-1.0.tar.gz',
  name: 'hello-1.0.tar.gz',
  sha256,
  trust: { by: 'index', index: trixie },
};

const release = {
  distro: 'alpine',
  version: '3.20.3',
  arch: 'x86_64',
  path: 'v3.20/rootfs.tar.gz',
  date: 1_700_000_000,
};

const rootfs = {
  url: 'https://example.org/v3.20/rootfs.tar.gz',
  name: 'rootfs.tar.gz',
  size: 1000,
  sha256,
  sha512: 'a'.repeat(128),
  release,
  trust: { by: 'recipe' },
};

const apk = {
  ...{ name: 'musl', version: '1.2.5-r0', arch: 'x86_64', origin: 'musl', license: 'MIT' },
  ...{ repository: 'v3.20/main', filename: 'v3.20/main/x86_64/musl-1.2.5-r0.apk', size: 1000 },
  ...{ checksum: 'Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=', sha256 },
};

const apkIndex = {
  ...{ repository: 'v3.20/main', mirror: 'https://mirror.example/alpine', date: 1_700_000_000 },
  ...{ sha256, signedBy: 'alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub' },
  signature: 'rsa-sha1',
};

const apks = {
  arch: 'x86_64',
  wanted: ['musl'],
  indexes: [apkIndex],
  packages: [apk],
  date: 1_700_000_000,
};

const settings = {
  codename: 'trixie',
  mirror: 'http://mirror.example/debian',
  base: ['hello'],
  required: [],
  important: [],
  wanted: [],
};

const withPackage = (changes: object) =>
  lockedDebs({ ...hello, ...changes } as unknown as LockedPackage);

const debsLock = lockOf('debs', withPackage({}));
const staticLock = lockOf('static', { archive });
const toolchainOf = (debs: unknown) => ({ name: 'cc', epoch: 0, from: fromOf('debs', debs) });

/** Returns the field that is not as a lock's; undefined for a sound lock. */
const fieldOf = (lock: unknown) => lockProblems(lock)[0]?.field;

describe('a sound lock has no problem', () => {
  test.each([
    ['debs', withPackage({})],
    ['static', { archive }],
    ['static', {}],
    ['minirootfs', { archive: rootfs }],
    ['minirootfs', { archive: rootfs, apks }],
    ['debootstrap', { debs: withPackage({}), settings }],
    ['apk', { ...apks, tools: [apk] }],
  ])('of the kind %s', (kind, locked) => {
    expect(lockProblems(lockOf(kind, locked))).toEqual([]);
    const files = [{ url: 'https://example.org/motd.txt', sha256 }];
    const toolchain = toolchainOf(withPackage({}));
    expect(lockProblems({ ...lockOf(kind, locked), files, toolchain })).toEqual([]);
  });
});

test.each([
  ['name', '../../outside'],
  ['name', 'Hello'],
  ['architecture', 'amd64/../..'],
  ['filename', '../../etc/passwd'],
  ['filename', '/etc/passwd'],
  ['filename', 'pool//hello.deb'],
  ['version', '1.0\nSource: other'],
  ['size', -1],
  ['size', 1.5],
  ['size', '1000'],
  ['sha256', '../blobs'],
  ['sha256', '../../etc'],
  ['sha256', undefined],
  ['suite', 'sid'],
])('a package whose %s is %j is told by its place', (field, value) => {
  const debs = withPackage({ [field]: value });
  expect(fieldOf(lockOf('debs', debs))).toBe(`from.debs.packages.0.${field}`);
  expect(fieldOf(lockOf('debootstrap', { debs, settings }))).toBe(
    `from.debootstrap.debs.packages.0.${field}`,
  );
  expect(fieldOf({ ...staticLock, toolchain: toolchainOf(debs) })).toBe(
    `toolchain.from.debs.packages.0.${field}`,
  );
});

test.each([
  ['name', '../../outside'],
  ['version', '1.0/..'],
  ['filename', '../../etc/passwd'],
  ['sha256', '../../etc'],
  ['checksum', 'sha1'],
  ['repository', 'v3.20/community'],
])("a package of Alpine's whose %s is %j is told by its place", (field, value) => {
  const packages = [{ ...apk, [field]: value }];
  expect(fieldOf(lockOf('apk', { ...apks, packages }))).toBe(`from.apk.packages.0.${field}`);
  expect(fieldOf(lockOf('minirootfs', { archive: rootfs, apks: { ...apks, packages } }))).toBe(
    `from.minirootfs.apks.packages.0.${field}`,
  );
  expect(fieldOf(lockOf('apk', { ...apks, tools: packages }))).toBe(`from.apk.tools.0.${field}`);
});

test.each([
  'ftp://mirror.example/debian',
  'http://user:secret@mirror.example/debian',
  'not a URL',
  null,
])('a mirror %j is not one that a lock names', (mirror) => {
  const debs = { indexes: [{ ...trixie, mirror }], packages: [] };
  expect(fieldOf(lockOf('debs', debs))).toBe('from.debs.indexes.0.mirror');
});

test.each([
  ['platform', 'linux/pdp11'],
  ['epoch', -1],
  ['request', 'abc'],
  ['request', '../../etc'],
  ['recipe', 'a\nb'],
  ['asked', null],
  ['files', [{ url: 'https://example.org/a', sha256: '../../etc' }]],
  ['from', fromOf('debs', [])],
  ['from', fromOf('magic', {})],
  ['from', fromOf('static', { archive: { ...archive, name: '-x' } })],
  ['from', fromOf('static', { archive: { ...archive, name: '../build.sh' } })],
  [
    'from',
    fromOf('minirootfs', {
      archive: { ...rootfs, release: { ...release, path: '../rootfs.tar' } },
    }),
  ],
])('a lock whose %s is %j is unsound there', (field, value) => {
  expect(fieldOf({ ...debsLock, [field]: value })).toMatch(new RegExp(`^${field}`));
});

test.each([
  ['an archive', 'static', { archive: { ...archive, trust: { by: 'nobody' } } }],
  ['a root filesystem', 'minirootfs', { archive: { ...rootfs, trust: { by: 'nobody' } } }],
])('%s that is trusted because of nobody is refused', (_, kind, locked) => {
  expect(fieldOf(lockOf(kind, locked))).toBe(`from.${kind}.archive.trust.by`);
});

test('a signature is trusted for keys alone', () => {
  const trust = { by: 'signature', url: 'https://example.org/a.asc', sha256, signedBy: ['me'] };
  expect(fieldOf(lockOf('static', { archive: { ...archive, trust } }))).toBe(
    'from.static.archive.trust.signedBy.0',
  );
});

test.each([
  ['rootfs', { ...debsLock, rootfs }],
  ['from.static', { ...debsLock, from: { ...debsLock.from, static: {} } }],
  ['from.debs.settings', lockOf('debs', { ...withPackage({}), settings })],
  ['from.debs.packages.0.essential', lockOf('debs', withPackage({ essential: true }))],
  ['from.debs.indexes.0.key', lockOf('debs', { indexes: [{ ...trixie, key: '' }], packages: [] })],
  ['from.static.apks', lockOf('static', { archive, apks })],
  ['from.static.archive.sha1', lockOf('static', { archive: { ...archive, sha1: '' } })],
  [
    'from.minirootfs.archive.trust.signedBy',
    lockOf('minirootfs', { archive: { ...rootfs, trust: { by: 'recipe', signedBy: [] } } }),
  ],
  ['from.apk.settings', lockOf('apk', { ...apks, settings })],
  ['toolchain.cc', { ...debsLock, toolchain: { ...toolchainOf(withPackage({})), cc: [] } }],
])('a field that no lock has is refused in %j', (field, lock) => {
  expect(lockProblems(lock)[0]).toMatchObject({
    field,
    problem: expect.stringMatching(/^Unrecognized key/),
  });
});

test.each([
  ['from.debs.packages.0.sha256', withPackage({ sha256: '../../etc' }), 'expected a sha256 as 64'],
  ['from.debs.packages.0.suite', withPackage({ suite: 'sid' }), 'expected one of trixie'],
  [
    'from.debs.packages.0.filename',
    withPackage({ filename: '/x' }),
    'expected a path below a mirror',
  ],
  ['from.debs.packages.0.size', withPackage({ size: '1' }), 'expected number, received string'],
])('the problem with %s says what was expected', (field, debs, problem) => {
  expect(lockProblems(lockOf('debs', debs))[0]).toEqual({
    field,
    problem: expect.stringContaining(problem),
  });
});

const { date: _, ...dateless } = apks;

test.each([
  ['from.kind', { kind: 'magic', magic: {} }, "Expected 'debs' | 'static'"],
  ['from.kind', {}, 'Expected'],
  ['from.debs', { kind: 'debs' }, 'expected object'],
  ['from.debs', { kind: 'debs', static: {} }, 'expected object'],
  ['from.apk', fromOf('apk', []), 'expected object'],
  ['from.apk.date', fromOf('apk', dateless), 'expected number'],
  ['from.static.archive.url', fromOf('static', { archive: {} }), 'expected string'],
  ['from', undefined, 'expected object'],
])('%s is told as the problem of %j, whatever other kinds there are', (field, from, problem) => {
  expect(lockProblems({ ...debsLock, from })[0]).toEqual({
    field,
    problem: expect.stringContaining(problem),
  });
});

test('a lock of another version is none of this one', () => {
  expect(lockVersion).toBe(2);
  expect(fieldOf({ ...debsLock, lockVersion: 1 })).toBe('lockVersion');
});

test.each([null, [], 'lock', 1])('%j is no lock at all', (value) => {
  expect(lockProblems(value)[0]).toMatchObject({
    field: '',
    problem: expect.stringContaining('object'),
  });
});
