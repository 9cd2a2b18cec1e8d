import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { platforms } from '../../../../src/base/platform.ts';
import type { DebianContext } from '../../../../src/packages/deb/archive/debian-context.ts';
import {
  type DebsRequest,
  debDownloads,
  resolveDebs,
} from '../../../../src/packages/deb/choose/resolve.ts';
import { resolveSource } from '../../../../src/packages/deb/choose/source-package.ts';
import { openStore } from '../../../../src/store/store.ts';
import {
  type ArchiveRequest,
  buildArchive,
  type TestArchive,
  type TestPackage,
} from '../../../support/debian-archive.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const io = { emit: () => {}, signal: new AbortController().signal };
const amd64 = platforms['linux/amd64'];
const day = 86_400_000;

const packages: readonly TestPackage[] = [
  { name: 'hello', fields: { Depends: 'libhello (>= 1.0)' }, files: { 'usr/bin/hello': 'hello' } },
  { name: 'libhello', version: '1:1.0-2', architecture: 'all', files: { 'usr/lib/hello': 'lib' } },
  { name: 'unrelated' },
];

async function archiveOf(request: Partial<ArchiveRequest> = {}): Promise<TestArchive> {
  const archive = await buildArchive({ packages, ...request });
  if (!request.into) onTestFinished(() => archive.close());
  return archive;
}

async function contextOf(
  archive: TestArchive,
  more: Partial<DebianContext> & { main?: string } = {},
): Promise<DebianContext> {
  const store = more.store ?? (await openStore(temporaryFolder()));
  const mirrors = { main: more.main ?? archive.url, security: archive.url };
  const now = new Date();
  return { mirrors, offline: false, now, keyrings: [archive.keyFile], ...more, store };
}

const request = (more: Partial<DebsRequest> = {}): DebsRequest => ({
  suite: 'trixie',
  security: false,
  components: ['main'],
  packages: ['hello'],
  exclude: [],
  ...more,
});

const resolve = async (archive: TestArchive, more: Partial<DebianContext> = {}) =>
  resolveDebs(request(), amd64, await contextOf(archive, more), io);

const untrusted = (message: string) =>
  expect.objectContaining({
    code: 'SOURCE_UNTRUSTED',
    message: expect.stringContaining(message),
    hint: expect.any(String),
  });

describe('resolveDebs', () => {
  test('refuses a package whose name would lead out of the work folder', async () => {
    const name = 'Package: ../libhello\nProvides: libhello (= 1:1.0-2)';
    const faults = { packages: (text: string) => text.replace('Package: libhello', name) };
    await expect(resolve(await archiveOf({ faults }))).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('../libhello'),
    });
  });

  test('pins the packages and what they depend on, and says why', async () => {
    const archive = await archiveOf({ date: new Date('2026-01-02T03:04:05Z') });
    const locked = await resolve(archive, { now: new Date('2026-01-10T00:00:00Z') });
    expect(
      locked.packages.map(({ name, version, architecture }) => [name, version, architecture]),
    ).toEqual([
      ['hello', '1.0-1', 'amd64'],
      ['libhello', '1:1.0-2', 'all'],
    ]);
    expect(locked.packages[1]).toMatchObject({
      filename: 'pool/main/l/libhello/libhello_1.0-2_all.deb',
      source: 'libhello',
      sourceVersion: '1:1.0-2',
      suite: 'trixie',
    });
    expect(locked.indexes).toEqual([
      {
        suite: 'trixie',
        components: ['main'],
        mirror: archive.url,
        date: Date.parse('2026-01-02T03:04:05Z') / 1000,
        inRelease: expect.stringMatching(/^[0-9a-f]{64}$/),
        signedBy: [archive.fingerprint],
      },
    ]);
  });

  test.each(['xz', 'gz', 'plain'] as const)(
    'reads an index that is only there as %s',
    async (form) => {
      const archive = await archiveOf({ forms: [form] });
      expect((await resolve(archive)).packages).toHaveLength(2);
    },
  );

  test('asks for an index by its hash where the archive offers that', async () => {
    const archive = await archiveOf();
    await resolve(archive, { mirrors: { main: await archive.serve(), security: 'http://unused' } });
    expect(archive.requests.map((path) => path.replace(/[0-9a-f]{64}/, 'HASH'))).toEqual([
      '/dists/trixie/InRelease',
      '/dists/trixie/main/binary-amd64/by-hash/SHA256/HASH',
    ]);
  });

  test('takes another form of the index where the first is listed but not there', async () => {
    const archive = await archiveOf({ forms: ['xz', 'gz'], byHash: false });
    await rm(join(archive.folder, 'dists/trixie/main/binary-amd64/Packages.xz'));
    expect((await resolve(archive)).packages).toHaveLength(2);
  });

  test('takes the newest version of base and security suite', async () => {
    const archive = await archiveOf();
    const newer = [
      { name: 'libhello', version: '1:1.0-2+deb13u1', fields: { Source: 'hello-src (2)' } },
    ];
    await archiveOf({ packages: newer, suite: 'trixie-security', into: archive });
    const locked = await resolveDebs(
      request({ security: true }),
      amd64,
      await contextOf(archive),
      io,
    );
    expect(locked.packages.map(({ version, suite }) => [version, suite])).toEqual([
      ['1.0-1', 'trixie'],
      ['1:1.0-2+deb13u1', 'trixie-security'],
    ]);
    expect(locked.packages[1]).toMatchObject({ source: 'hello-src', sourceVersion: '2' });
    expect(locked.indexes.map(({ suite }) => suite)).toEqual(['trixie', 'trixie-security']);
  });

  test('a security suite that is not there is an error with a way out', async () => {
    const archive = await archiveOf();
    const resolving = resolveDebs(request({ security: true }), amd64, await contextOf(archive), io);
    await expect(resolving).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('security updates of trixie'),
      hint: expect.stringContaining('security: false'),
    });
  });

  test('never shows or keeps credentials', async () => {
    const archive = await archiveOf();
    const main = (await archive.serve()).replace('//', '//user:secret@');
    const context = await contextOf(archive, { main });
    const locked = await resolveDebs(request(), amd64, context, io);
    expect(JSON.stringify(locked)).not.toContain('secret');
    const [state] = await readdir(join(context.store.folder, 'state/debian'));
    expect(state).not.toContain('secret');
    await rm(join(archive.folder, 'dists'), { recursive: true });
    const failing = resolveDebs(request(), amd64, context, io);
    await expect(failing).rejects.toMatchObject({ message: expect.not.stringContaining('secret') });
  });

  test('names packages near one that is not there', async () => {
    const archive = await archiveOf();
    const resolving = resolveDebs(
      request({ packages: ['helo'] }),
      amd64,
      await contextOf(archive),
      io,
    );
    await expect(resolving).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: expect.stringContaining('Did you mean hello?'),
    });
  });

  test('names the components of a suite that has not the one asked for', async () => {
    const archive = await archiveOf();
    const resolving = resolveDebs(
      request({ components: ['mian'] }),
      amd64,
      await contextOf(archive),
      io,
    );
    await expect(resolving).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      hint: 'Its components are main.',
    });
  });
});

describe('a suite that is not there', () => {
  test.each([
    ['trixi', /Did you mean trixie\?/, /^Known suites are .*bookworm/],
    ['jammy', /suite jammy at/, /jammy is a suite of Ubuntu/],
  ])('%s is told from a mirror that fails', async (suite, message, hint) => {
    const archive = await archiveOf();
    const resolving = resolveDebs(request({ suite }), amd64, await contextOf(archive), io);
    await expect(resolving).rejects.toMatchObject({
      code: 'RELEASE_NOT_FOUND',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});

describe('an index is refused', () => {
  test.each([
    ['without a signature', { unsigned: true }, 'carries no signature'],
    ['signed by a stranger', { stranger: true }, 'not among the trusted keys'],
    ['changed after it was signed', { tampered: true }, 'no valid signature'],
    ['with text before the signed block', { before: 'Origin: Evil\n' }, 'text before'],
    ['with text after the signed block', { after: 'Origin: Evil\n' }, 'text after'],
    ['whose signature has expired', { lifetimeSeconds: 60 }, 'expired on'],
    ["that is another suite's", { codename: 'sid' }, 'is the index of sid, not of trixie'],
    [
      'without a date',
      { release: (text: string) => text.replace(/^Date:.*\n/m, '') },
      'has no Date',
    ],
    [
      'with an unreadable line',
      { release: (text: string) => `${text}nonsense\n` },
      'not a Release file',
    ],
  ])('%s', async (_, faults, message) => {
    const archive = await archiveOf({ faults });
    await expect(resolve(archive)).rejects.toEqual(untrusted(message));
  });

  test('from the future, with a word on the clock', async () => {
    const archive = await archiveOf();
    const resolving = resolve(archive, { now: new Date(Date.now() - 3650 * day) });
    await expect(resolving).rejects.toEqual(untrusted('from the future'));
    await expect(resolving).rejects.toMatchObject({ hint: expect.stringContaining('clock') });
  });

  test('after its Valid-Until', async () => {
    const archive = await archiveOf({ validUntil: new Date(Date.now() - 1000) });
    await expect(resolve(archive)).rejects.toEqual(untrusted('was valid until'));
  });

  test('when it is more than a year old, though it never expires', async () => {
    const archive = await archiveOf({ date: new Date(Date.now() - 366 * day) });
    await expect(resolve(archive)).rejects.toEqual(untrusted('more than 365 days ago'));
  });

  test('older than the one seen before at the same mirror', async () => {
    const archive = await archiveOf();
    const store = await openStore(temporaryFolder());
    await resolve(archive, { store });
    await archiveOf({ into: archive, date: new Date(Date.now() - 2 * day) });
    await expect(resolve(archive, { store })).rejects.toEqual(untrusted('older than the one of'));
  });

  test('when its bytes are other than what was signed', async () => {
    const archive = await archiveOf({ faults: { wrongIndex: true } });
    await expect(resolve(archive)).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('Packages'),
    });
  });

  test.each([
    ['has no stanzas', (text: string) => `junk\n${text}`],
    ['has a package without a hash', (text: string) => text.replace(/^SHA256:.*\n/gm, '')],
    [
      'has a relationship that is none',
      (text: string) => text.replace('libhello (', 'lib hello ('),
    ],
    [
      'names a file outside the archive',
      (text: string) => text.replaceAll('pool/main', '../../etc'),
    ],
  ])('whose contents, though signed, %s', async (_, change) => {
    const archive = await archiveOf({ faults: { packages: change } });
    await expect(resolve(archive)).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
  });
});

describe('the cache', () => {
  test('serves an offline run with the last index that was believed', async () => {
    const archive = await archiveOf();
    const context = await contextOf(archive, { main: await archive.serve() });
    const online = await resolveDebs(request(), amd64, context, io);
    await rm(join(archive.folder, 'dists'), { recursive: true });
    const offline = await resolveDebs(request(), amd64, { ...context, offline: true }, io);
    expect(offline).toEqual(online);
  });

  test('that is empty makes an offline run fail', async () => {
    const archive = await archiveOf();
    const resolving = resolve(archive, {
      offline: true,
      mirrors: { main: 'http://mirror/debian', security: 'http://mirror/debian' },
    });
    await expect(resolving).rejects.toMatchObject({ code: 'OFFLINE', hint: expect.any(String) });
  });

  test('that lost the last index makes an offline run fail', async () => {
    const archive = await archiveOf();
    const context = await contextOf(archive, { main: await archive.serve() });
    await resolveDebs(request(), amd64, context, io);
    await rm(join(context.store.folder, 'blobs/sha256'), { recursive: true });
    const resolving = resolveDebs(request(), amd64, { ...context, offline: true }, io);
    await expect(resolving).rejects.toMatchObject({ code: 'OFFLINE' });
  });

  test('is repaired when the index in it was damaged', async () => {
    const archive = await archiveOf();
    const store = await openStore(temporaryFolder());
    const before = await resolve(archive, { store });
    const blobs = join(store.folder, 'blobs/sha256');
    for (const name of await readdir(blobs)) await writeFile(join(blobs, name), 'Package: x\n');
    expect(await resolve(archive, { store })).toEqual(before);
  });
});

describe('debDownloads', () => {
  const locked = async (archive: TestArchive) => {
    const context = await contextOf(archive);
    return { context, debs: await resolveDebs(request(), amd64, context, io) };
  };

  test('brings the locked packages into the store', async () => {
    const archive = await archiveOf();
    const { context, debs } = await locked(archive);
    await context.store.fetch(debDownloads(debs, context), { offline: false }, io);
    for (const { sha256 } of debs.packages)
      expect(await context.store.verify(sha256, io)).toBe(true);
  });

  test('goes back to the mirror of the lock where the one of this run has not the version', async () => {
    const archive = await archiveOf();
    const other = await archiveOf({ packages: [{ name: 'other' }] });
    const { context, debs } = await locked(archive);
    const mirrors = { main: other.url, security: other.url };
    const downloads = debDownloads(debs, { ...context, mirrors });
    expect(await context.store.fetch(downloads, { offline: false }, io)).toHaveLength(2);
  });

  test('takes no package whose bytes are of another moment than the index', async () => {
    const archive = await archiveOf({ faults: { wrongDebs: true } });
    const { context, debs } = await locked(archive);
    const fetching = context.store.fetch(debDownloads(debs, context), { offline: false }, io);
    await expect(fetching).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
    for (const { sha256 } of debs.packages)
      expect(await context.store.verify(sha256, io)).toBe(false);
  });
});

describe('resolveSource', () => {
  const sources = ['1.0-1', '1.2-1'].map((version) => ({
    name: 'hello',
    version,
    archive: { name: `hello_${version.slice(0, 3)}.orig.tar.gz`, bytes: Buffer.from(version) },
  }));

  test('pins the upstream archive of the newest version', async () => {
    const archive = await archiveOf({ sources });
    const context = await contextOf(archive);
    const locked = await resolveSource({ debian: 'hello', suite: 'trixie' }, context, io);
    expect(locked).toMatchObject({
      url: `${archive.url}/pool/main/h/hello/hello_1.2.orig.tar.gz`,
      name: 'hello_1.2.orig.tar.gz',
      size: 5,
      version: '1.2-1',
      trust: { by: 'index', index: { signedBy: [archive.fingerprint] } },
    });
  });

  test('names sources near one that is not there', async () => {
    const archive = await archiveOf({ sources });
    const resolving = resolveSource(
      { debian: 'helo', suite: 'trixie' },
      await contextOf(archive),
      io,
    );
    await expect(resolving).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: expect.stringContaining('Did you mean hello?'),
    });
  });
});
