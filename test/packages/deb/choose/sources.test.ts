import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { platforms } from '../../../../src/base/platform.ts';
import type { DebianContext } from '../../../../src/packages/deb/archive/debian-context.ts';
import {
  type ExtraSource,
  sourceSuites,
} from '../../../../src/packages/deb/archive/extra-source.ts';
import { proveDebs } from '../../../../src/packages/deb/archive/prove-debs.ts';
import { debDownloads, resolveDebs } from '../../../../src/packages/deb/choose/resolve.ts';
import { debIndexes } from '../../../../src/packages/deb/deb-inputs.ts';
import type { LockedDebs } from '../../../../src/packages/deb/locked-debs.ts';
import { isProven } from '../../../../src/packages/proof.ts';
import { openStore } from '../../../../src/store/store.ts';
import {
  type ArchiveRequest,
  buildArchive,
  type TestArchive,
} from '../../../support/debian-archive.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { newKey } from '../../../support/openpgp-key.ts';

const io = { emit: () => {}, signal: new AbortController().signal };
const amd64 = platforms['linux/amd64'];
const day = 86_400_000;

async function archiveOf(request: ArchiveRequest): Promise<TestArchive> {
  const archive = await buildArchive(request);
  if (request.into === undefined) onTestFinished(() => archive.close());
  return archive;
}

/** Debian's archive with libc6, and a third party's with a tool for it, each with a key of its own. */
async function worldOf(theirs: Partial<ArchiveRequest> = {}) {
  const debian = await archiveOf({ packages: [{ name: 'libc6' }, { name: 'tool' }] });
  const packages = [{ name: 'tool', version: '2.0', fields: { Depends: 'libc6' } }];
  const vendor = await archiveOf({ packages, ...theirs });
  const own: DebianContext = {
    mirrors: { main: debian.url, security: debian.url },
    store: await openStore(temporaryFolder()),
    ...{ offline: false, keyrings: [debian.keyFile], now: new Date() },
  };
  const source: ExtraSource = {
    ...{ name: 'vendor', url: vendor.url, suite: 'trixie', components: ['main'] },
    ...{ keys: ['key.asc'], fingerprints: [] },
  };
  return { debian, vendor, own, source };
}

type World = Awaited<ReturnType<typeof worldOf>>;

const sourcesOf = ({ own, vendor }: World, sources: readonly ExtraSource[]) =>
  sourceSuites(sources, vendor.folder, own);

const resolve = (world: World, sources: readonly ExtraSource[], packages = ['tool']) =>
  resolveDebs(
    {
      ...{ suite: 'trixie', security: false, components: ['main'], packages, exclude: [] },
      sources: sourcesOf(world, sources),
    },
    amd64,
    world.own,
    io,
  );

const prove = (world: World, lock: LockedDebs, sources: readonly ExtraSource[], more = {}) => {
  const own = { ...world.own, ...more };
  const asked = { suites: ['trixie'], components: ['main'] };
  const followed = { ...asked, sources: sourcesOf({ ...world, own }, sources) };
  return proveDebs(lock, followed, amd64, own, io);
};

const chosen = ({ packages }: LockedDebs) =>
  packages.map(({ name, version, suite }) => `${name} ${version} ${suite}`);

const untrusted = (message: RegExp) => ({
  code: 'SOURCE_UNTRUSTED',
  message: expect.stringMatching(message),
});

describe("a third party's source", () => {
  test('has its packages chosen beside those of the distribution, and is in lock and evidence', async () => {
    const world = await worldOf();
    const lock = await resolve(world, [world.source]);
    expect(chosen(lock)).toEqual(['libc6 1.0-1 trixie', 'tool 2.0 vendor:trixie']);
    const [, theirs] = debIndexes(lock);
    expect(theirs).toMatchObject({
      name: 'InRelease of vendor:trixie',
      file: 'vendor-trixie.InRelease',
      url: `${world.vendor.url}/dists/trixie/InRelease`,
      signedBy: [world.vendor.fingerprint],
    });
  });

  test('is proven again from the store alone, and its packages come from its own mirror', async () => {
    const world = await worldOf();
    const lock = await resolve(world, [world.source]);
    const suites = sourcesOf(world, [world.source]);
    await world.own.store.fetch(debDownloads(lock, world.own, suites), { offline: false }, io);
    for (const { folder } of [world.debian, world.vendor]) {
      await rm(join(folder, 'dists'), { recursive: true });
    }
    const proof = await prove(world, lock, [world.source], { offline: true });
    expect(proof.refusals).toEqual([]);
    expect(proof.inputs.filter(isProven)).toHaveLength(2);
  });

  test("is not believed for the distribution's keys, nor the distribution for its", async () => {
    const world = await worldOf();
    const { debian, vendor, own } = world;
    const theirs = { ...world, own: { ...own, keyrings: [vendor.keyFile] } };
    await expect(resolve(theirs, [world.source])).rejects.toMatchObject(untrusted(/trusted key/));
    await writeFile(join(vendor.folder, 'key.asc'), (await newKey()).publicKey);
    await expect(resolve(world, [world.source])).rejects.toMatchObject(untrusted(/trusted key/));
    const passedOff = { ...world.source, url: debian.url };
    await expect(resolve(world, [passedOff])).rejects.toMatchObject(untrusted(/trusted key/));
  });

  test('is believed for the keys alone that fingerprints name', async () => {
    const world = await worldOf();
    const other = await newKey();
    const { vendor, source } = world;
    const both = `${vendor.key.publicKey}\n`;
    await writeFile(join(vendor.folder, 'other.asc'), other.publicKey);
    await writeFile(join(vendor.folder, 'key.asc'), both);
    const keys = ['key.asc', 'other.asc'];
    const named = { ...source, keys, fingerprints: [vendor.fingerprint] };
    expect((await resolve(world, [named])).packages).toHaveLength(2);
    const strange = { ...source, keys, fingerprints: [other.fingerprint] };
    await expect(resolve(world, [strange])).rejects.toMatchObject(untrusted(/trusted key/));
    const absent = { ...source, fingerprints: ['0'.repeat(40)] };
    await expect(resolve(world, [absent])).rejects.toMatchObject(untrusted(/have no key 0{40}/));
  });

  test('cannot serve an older index than before, nor one of another suite, nor one that is too old', async () => {
    const world = await worldOf();
    await resolve(world, [world.source]);
    const again = { packages: [{ name: 'tool' }], into: world.vendor };
    await archiveOf({ ...again, date: new Date(Date.now() - 2 * day) });
    await expect(resolve(world, [world.source])).rejects.toMatchObject(untrusted(/older than/));
    const other = await worldOf({ faults: { codename: 'bookworm' } });
    await expect(resolve(other, [other.source])).rejects.toMatchObject(
      untrusted(/is the index of/),
    );
    const old = await worldOf({ date: new Date(Date.now() - 366 * day) });
    await expect(resolve(old, [old.source])).rejects.toMatchObject(untrusted(/365 days ago/));
  });

  test('is told by its URL where it has not the suite or is not there', async () => {
    const world = await worldOf();
    const source = { ...world.source, suite: 'nodistro' };
    await expect(resolve(world, [source])).rejects.toMatchObject({
      code: 'RELEASE_NOT_FOUND',
      message: expect.stringContaining('the source vendor:nodistro'),
    });
  });

  test('waits behind the distribution where it is pinned lower, and is asked for by name', async () => {
    const world = await worldOf();
    const low = { ...world.source, pin: 100 };
    expect(chosen(await resolve(world, [low]))).toEqual(['tool 1.0-1 trixie']);
    for (const word of ['tool/vendor', 'tool/vendor:trixie']) {
      expect(chosen(await resolve(world, [low], [word]))).toContain('tool 2.0 vendor:trixie');
    }
  });

  test('holds no lock that the recipe asks for no more, or that gives its packages another origin', async () => {
    const world = await worldOf();
    const lock = await resolve(world, [world.source]);
    expect((await prove(world, lock, [])).refusals[0]?.error).toMatchObject(
      untrusted(/asks for trixie/),
    );
    const packages = lock.packages.map((each) => ({ ...each, suite: 'trixie' }));
    const moved = await prove(world, { ...lock, packages }, [world.source]);
    expect(moved.refusals[0]?.error.message).toMatch(/tool 2.0/);
    const [own, theirs] = lock.indexes;
    const swapped = { ...theirs!, inRelease: own!.inRelease, signedBy: own!.signedBy };
    const forged = await prove(world, { ...lock, indexes: [own!, swapped] }, [world.source]);
    expect(forged.refusals).not.toEqual([]);
  });
});

describe('backports and experimental', () => {
  const notAutomatic = (upgrades: string) => (text: string) =>
    text.replace('Origin: Debian', `Origin: Debian\nNotAutomatic: yes${upgrades}`);

  async function withSuite(suite: string, upgrades: string) {
    const world = await worldOf();
    const release = notAutomatic(upgrades);
    const packages = [
      { name: 'tool', version: '3.0', fields: { Depends: 'libnew' } },
      { name: 'libnew', version: '3.0' },
    ];
    await archiveOf({ packages, suite, into: world.debian, faults: { release } });
    const source = { suite, components: ['main'], keys: [], fingerprints: [] };
    return { world, source };
  }

  test.each([
    ['trixie-backports', '\nButAutomaticUpgrades: yes'],
    ['experimental', ''],
  ])('%s is taken for what is asked from it and what only it has', async (suite, upgrades) => {
    const { world, source } = await withSuite(suite, upgrades);
    expect(chosen(await resolve(world, [source]))).toEqual(['tool 1.0-1 trixie']);
    expect(chosen(await resolve(world, [source], [`tool/${suite}`]))).toEqual([
      `libnew 3.0 ${suite}`,
      `tool 3.0 ${suite}`,
    ]);
  });

  test('that the recipe does not name are told from a name that is wrong', async () => {
    const world = await worldOf();
    await expect(resolve(world, [], ['tool/trixie-backports'])).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: expect.stringContaining('it has trixie'),
      hint: expect.stringContaining('sources: [{ suite: trixie-backports }]'),
    });
  });
});
