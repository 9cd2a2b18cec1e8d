import { expect, test } from 'vitest';

const sha256 = 'a'.repeat(64);

const index = {
  suite: 'trixie',
  components: ['main'],
  mirror: 'http://mirror.example/debian',
  date: 1_700_000_000,
  inRelease: sha256,
  signedBy: ['0123456789ABCDEF0123456789ABCDEF01234567'],
};

const hello = {
  name: 'hello',
  version: '2:1.0~rc1-1+b1',
  architecture: 'amd64',
  source: 'hello',
  sourceVersion: '2:1.0~rc1-1',
  suite: 'trixie',
  filename: 'pool/main/h/hello/hello_1.0~rc1-1+b1_amd64.deb',
  size: 1000,
  sha256,
};

const archive = {
  url: 'https://example.org/hello-1.0.tar.gz',
  name: 'hello-1.0.tar.gz',
  sha256,
  trust: { by: 'index', index },
};

const rootfs = {
  url: 'https://example.org/v3.20/rootfs.tar.gz',
  name: 'rootfs.tar.gz',
  size: 1000,
  sha256,
  release: { path: 'v3.20/rootfs.tar.gz', date: 1_700_000_000 },
  trust: { by: 'signature' },
};

const lock = {
  lockVersion: 1,
  recipe: 'demo',
  platform: 'linux/amd64',
  epoch: 1_700_000_000,
  request: sha256,
  asked: {},
};

const debsOf = (changes: object) => ({ indexes: [index], packages: [{ ...hello, ...changes }] });

test('a sound lock has no unsound field', () => {
  const debs = debsOf({});
  const toolchain = { name: 'cc', epoch: 0, debs };
  expect(unsoundField({ ...lock, debs, archive, rootfs, toolchain })).toBeUndefined();
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
  ['sha256', undefined],
])('a package whose %s is %j is told by its place', (field, value) => {
  const debs = debsOf({ [field]: value });
  expect(unsoundField({ ...lock, debs })).toBe(`debs.packages.0.${field}`);
  const toolchain = { name: 'cc', epoch: 0, debs };
  expect(unsoundField({ ...lock, toolchain })).toBe(`toolchain.debs.packages.0.${field}`);
});

test.each([
  'ftp://mirror.example/debian',
  'http://user:secret@mirror.example/debian',
  'not a URL',
  null,
])('a mirror %j is not one that a lock names', (mirror) => {
  const debs = { indexes: [{ ...index, mirror }], packages: [] };
  expect(unsoundField({ ...lock, debs })).toBe('debs.indexes.0.mirror');
});

test.each([
  ['platform', 'linux/pdp11'],
  ['epoch', -1],
  ['request', 'abc'],
  ['debs', []],
  ['archive', { ...archive, name: '-x' }],
  ['archive', { ...archive, name: '../build.sh' }],
  ['rootfs', { ...rootfs, release: { ...rootfs.release, path: '../rootfs.tar' } }],
])('a lock whose %s is %j is unsound there', (field, value) => {
  expect(unsoundField({ ...lock, [field]: value })).toMatch(new RegExp(`^${field}`));
});

test.each([null, [], 'lock', 1])('%j is no lock at all', (value) => {
  expect(unsoundField(value)).toBe('the whole');
});
