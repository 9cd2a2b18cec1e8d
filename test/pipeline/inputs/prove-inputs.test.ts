import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sha256OfBytes } from '../../../src/base/hash.ts';
import { trustChain } from '../../../src/evidence/provenance/trust-chain.ts';
import { takeBundle } from '../../../src/lock/bundle/read.ts';
import { writeBundle } from '../../../src/lock/bundle/write.ts';
import { updateOnly } from '../../../src/lock/changes.ts';
import { doubtsIn } from '../../../src/lock/prove.ts';
import type { Lock } from '../../../src/lock/schema.ts';
import type { LockedPackage } from '../../../src/packages/deb/locked-debs.ts';
import { builderFor } from '../../../src/pipeline/builder.ts';
import { bundledInputs } from '../../../src/pipeline/inputs/bundle-inputs.ts';
import { fetchInputs } from '../../../src/pipeline/inputs/fetch-inputs.ts';
import { proveInputs } from '../../../src/pipeline/inputs/prove-inputs.ts';
import { resolveLock } from '../../../src/pipeline/inputs/resolve-lock.ts';
import type { OpenBuild } from '../../../src/pipeline/open-build.ts';
import { check } from '../../policy/subject.ts';
import { buildDeb } from '../../support/deb.ts';
import { buildArchive, type TestArchive, type TestPackage } from '../../support/debian-archive.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { debsIn } from '../../support/lock.ts';
import { movingArchive } from '../../support/moving-archive.ts';
import { openedBuild, type Run } from '../../support/opened-build.ts';
import { newKey, signDetached } from '../../support/openpgp-key.ts';
import { refusal, writeTree } from '../../support/recipe.ts';
import { recordingIo } from '../../support/store.ts';

const day = 86_400_000;
const now = new Date();
const monthAgo = new Date(Math.floor(now.getTime() / 1000) * 1000 - 31 * day);
const strict = { frozen: true, policy: 'strict' };
const { io } = recordingIo();

const packages: readonly TestPackage[] = [
  { name: 'hello', fields: { Depends: 'libhello' }, files: { 'usr/bin/hello': 'hello' } },
  { name: 'libhello', architecture: 'all', files: { 'usr/lib/hello': 'lib' } },
];

const recipeYaml = `name: demo
from:
  debs: { packages: [hello], security: false, keyrings: [archive.asc] }
`;

const sources = Buffer.from('the sources');

/** A program out of a signed archive at `url`, and a builder of packages. */
const staticYaml = (url: string) => `name: demo
from:
  static:
    toolchain: cc
    archive:
      url: "${url}/hello.tar.gz"
      sha256: ${sha256OfBytes(sources)}
      signature: { url: "${url}/hello.tar.gz.asc", key: upstream.asc }
    programs: { hello: /hello }
`;
const toolchainYaml = `name: cc
from:
  debs: { packages: [hello], security: false, keyrings: [archive.asc] }
`;

/** A project whose inputs were locked a month ago, from an archive that may move on. */
async function project(yaml: string | typeof staticYaml = recipeYaml) {
  const archive = await buildArchive({
    packages,
    date: monthAgo,
    validUntil: new Date(monthAgo.getTime() + 7 * day),
  });
  onTestFinished(() => archive.close());
  const moving = await movingArchive(archive);
  const upstream = await newKey();
  const signature = Buffer.from(await signDetached(sources, upstream, { created: monthAgo }));
  await writeTree(archive.folder, { 'hello.tar.gz': sources, 'hello.tar.gz.asc': signature });
  const folder = temporaryFolder();
  await writeTree(folder, {
    'recipe.yaml': typeof yaml === 'string' ? yaml : yaml(moving.env.MKBASE_DEBIAN_MIRROR),
    'upstream.asc': upstream.publicKey,
    'archive.asc': archive.key.publicKey,
    'toolchains/cc.yaml': toolchainYaml,
    'toolchains/archive.asc': archive.key.publicKey,
  });
  const open = (more: Partial<Run> = {}) =>
    openedBuild({ folder, cache: temporaryFolder(), env: moving.env, now, ...more });
  const then = await open({ now: new Date(monthAgo.getTime() + 3_600_000) });
  return { archive, moving, upstream, folder, open, then, lock: await resolveLock(then, io) };
}

/** The mirror has gone on to newer packages, and has nothing of before. */
async function moveOn(archive: TestArchive): Promise<void> {
  for (const name of ['dists', 'pool']) {
    await rm(join(archive.folder, name), { recursive: true });
  }
  const newer = packages.map((each) => ({ ...each, version: '2.0-1' }));
  await buildArchive({ packages: newer, into: archive });
}

/** Fetches what a lock pins, for a builder that is to be made as well. */
async function fetchAll({ plan, sources }: OpenBuild, lock: Lock) {
  const { toolchain, platform } = plan;
  const builder =
    toolchain && lock.toolchain && (await builderFor(toolchain, lock.toolchain, platform));
  await fetchInputs(plan, lock, builder, sources, io);
}

/** Fetches and proves as a build does. */
async function build(open: OpenBuild, lock: Lock, request: object = strict) {
  await fetchAll(open, lock);
  return proveInputs(open, lock, request, io);
}

/** A lock with other words at some places, each of which is there. */
function edited(lock: Lock, ...changes: readonly (readonly [from: string, to: string])[]): Lock {
  let text = JSON.stringify(lock);
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`there is no ${from}`);
    text = text.replaceAll(from, to);
  }
  return JSON.parse(text) as Lock;
}

/** Returns hello as the image or, for a program, the builder has it. */
const debOf = (lock: Lock): LockedPackage =>
  [...debsIn(lock), ...debsIn(lock.toolchain)].find(({ name }) => name === 'hello')!;

/** Puts a trojaned hello in the place of the one that the index lists, and says so in the lock. */
async function backdoored(archive: TestArchive, lock: Lock, fields = {}): Promise<Lock> {
  const { sha256, size, filename } = debOf(lock);
  const evil = buildDeb({ ...packages[0]!, ...fields, files: { 'usr/bin/hello': 'evil' } });
  await writeFile(join(archive.folder, filename), evil.bytes);
  return edited(
    lock,
    [sha256, sha256OfBytes(evil.bytes)],
    [`"size":${size}`, `"size":${evil.bytes.length}`],
  );
}

describe('a fresh clone with an empty cache', () => {
  test.each([
    ['a recipe of packages', recipeYaml],
    ['a program and its builder', staticYaml],
  ])('proves %s from the mirror, and then remembers it', async (_, yaml) => {
    const { archive, open, lock } = await project(yaml);
    const clone = await open();
    expect(doubtsIn(lock, await build(clone, lock))).toEqual([]);
    await rm(archive.folder, { recursive: true });
    expect(doubtsIn(lock, await build(clone, lock))).toEqual([]);
  });

  test('passes with --frozen and a policy a month later, when only the archive of past states has the signed index, and Valid-Until has passed', async () => {
    const { archive, moving, open, lock } = await project();
    await moving.keep(new Date(monthAgo.getTime() + 2 * 3_600_000));
    await moveOn(archive);
    await moving.keep(new Date(now.getTime() - day));
    const proof = await build(await open(), lock);
    expect(doubtsIn(lock, proof)).toEqual([]);
    const trust = trustChain(lock, proof);
    expect(trust.links).toMatchObject([
      { signedBy: [archive.fingerprint], vouchesFor: ['hello', 'libhello'] },
    ]);
    const rules = { unsignedInputs: {}, keys: { allow: { [archive.fingerprint]: 'us' } } };
    expect(await check(rules, { lock, trust })).toEqual([]);
  });

  test('is refused with --frozen or a policy where nothing has the signed index any more, told without', async () => {
    const { archive, moving, open, lock } = await project();
    await moving.keep(new Date(monthAgo.getTime() + 2 * 3_600_000));
    await rm(join(archive.folder, 'dists'), { recursive: true });
    const clone = await open({
      env: { ...moving.env, MKBASE_SNAPSHOT_MIRROR: moving.env.MKBASE_DEBIAN_MIRROR },
    });
    for (const request of [{ frozen: true }, { policy: 'mine.yaml' }]) {
      const error = await refusal(build(clone, lock, request));
      expect(error.code).toBe('SOURCE_UNTRUSTED');
      expect(error.message).toMatch(
        /recipe\.lock\.json is not proven: .* hello and 1 more input \(InRelease of trixie cannot be had/,
      );
      expect(error.hint).toContain('--inputs');
      expect(error.hint).toContain('--allow foreign-lock');
    }
    const { io: telling, events } = recordingIo();
    const proof = await proveInputs(clone, lock, {}, telling);
    expect(events).toMatchObject([{ warning: { code: 'foreign-lock' } }]);
    const allowed = { ...strict, allow: ['foreign-lock'] as const };
    expect(doubtsIn(lock, await proveInputs(clone, lock, allowed, io))).toHaveLength(2);

    // Whoever lets it pass has it in the evidence, and no policy takes it for signed.
    const trust = trustChain(lock, proof);
    expect(trust.links).toMatchObject([{ signedBy: [], vouchesFor: [] }]);
    expect(trust.unsigned).toMatchObject([
      { name: 'hello', by: 'foreign-lock' },
      { name: 'libhello', by: 'foreign-lock' },
    ]);
    const rules = {
      unsignedInputs: { pinned: true },
      keys: { allow: { [archive.fingerprint]: '' } },
    };
    const found = await check(rules, { lock, trust });
    expect(found.map(({ rule, subject }) => `${rule} ${subject}`)).toEqual([
      'unsignedInputs hello',
      'unsignedInputs libhello',
      'keys trixie.InRelease',
    ]);
  });

  test.each([
    ['a recipe of packages', recipeYaml],
    ['a program and its builder', staticYaml],
  ])('needs no network for %s with the bundle that was made with the lock', async (_, yaml) => {
    const { then, open, lock } = await project(yaml);
    await build(then, lock, { ...strict, afresh: true });
    const bundle = join(temporaryFolder(), 'inputs.tar');
    await writeBundle(lock, await bundledInputs(then, lock, io), bundle, then.store, io);
    const clone = await open({ env: {}, request: { offline: true } });
    const taken = await takeBundle(bundle, clone.store, io);
    expect(doubtsIn(taken, await build(clone, taken))).toEqual([]);
  });

  test.each([
    ['the image', recipeYaml],
    ['the builder', staticYaml],
  ])(
    'is refused with a bundle whose package of %s and lock were changed alike',
    async (_, yaml) => {
      const { archive, then, open, lock } = await project(yaml);
      await build(then, lock, { ...strict, afresh: true });
      const evil = await backdoored(archive, lock);
      await fetchAll(then, evil);
      const bundle = join(temporaryFolder(), 'inputs.tar');
      await writeBundle(evil, await bundledInputs(then, evil, io), bundle, then.store, io);
      const clone = await open({ env: {}, request: { offline: true } });
      const taken = await takeBundle(bundle, clone.store, io);
      const error = await refusal(build(clone, taken));
      expect(error).toMatchObject({
        code: 'SOURCE_UNTRUSTED',
        message: expect.stringContaining('of hello 1.0-1 (amd64) in trixie'),
      });
    },
  );
});

describe('a lock that somebody edited', () => {
  test.each([
    ['the image', recipeYaml],
    ['the builder', staticYaml],
  ])('to a trojaned package of %s is refused, whatever is asked', async (_, yaml) => {
    const { archive, open, lock } = await project(yaml);
    const evil = await backdoored(archive, lock);
    for (const request of [strict, {}, { allow: ['foreign-lock'] }]) {
      const error = await refusal(build(await open(), evil, request));
      expect(error.code).toBe('SOURCE_UNTRUSTED');
      expect(error.message).toContain(debOf(lock).sha256);
      expect(error.message).toContain(debOf(evil).sha256);
    }
  });

  test.each<readonly [string, readonly (readonly [string, string])[], string]>([
    ['another version', [['1.0-1', '1.0-2']], 'it lists no such package'],
    ['another source', [['"source":"hello"', '"source":"evil"']], 'the source of hello'],
    [
      'other keys',
      [['"signedBy":["', '"signedBy":["04B54C3CDCA79751B16BC6B5225629DF75B188BD","']],
      'who signed trixie',
    ],
    ['another date', [['"date":', '"date":1']], 'the date of trixie'],
    ['another suite', [['"trixie"', '"bookworm"']], 'the recipe asks for trixie'],
    [
      'another component',
      [['"components":["main"]', '"components":["main","contrib"]']],
      'the recipe asks for trixie (main)',
    ],
  ])('to say %s is refused', async (_, changes, words) => {
    const { open, lock } = await project();
    const clone = await open();
    await fetchInputs(clone.plan, lock, undefined, clone.sources, io);
    const error = await refusal(proveInputs(clone, edited(lock, ...changes), {}, io));
    expect(error.code).toBe('SOURCE_UNTRUSTED');
    expect(error.message).toContain(words);
  });

  test('to a trojaned archive is refused, though its signature is of a key', async () => {
    const { archive, folder, open, lock } = await project(staticYaml);
    const evil = Buffer.from('other bytes');
    await writeFile(join(archive.folder, 'hello.tar.gz'), evil);
    const changed = edited(lock, [sha256OfBytes(sources), sha256OfBytes(evil)]);
    const byDigest = await refusal(build(await open(), changed));
    expect(byDigest.message).toContain('the recipe says');

    // The recipe states the digest of the trojan as well; only the signature speaks against it.
    await writeFile(
      join(folder, 'recipe.yaml'),
      (await readFile(join(folder, 'recipe.yaml'), 'utf8')).replace(
        sha256OfBytes(sources),
        sha256OfBytes(evil),
      ),
    );
    const bySignature = await refusal(build(await open(), changed));
    expect(bySignature.message).toContain('hello.tar.gz has no valid signature');
    const unsigned = edited(changed, ['"by":"signature"', '"by":"recipe"']);
    const byRecipe = await refusal(build(await open(), unsigned));
    expect(byRecipe.message).toContain('the recipe says signature');
  });

  test("to name another suite's signed index, or one by an unknown key, is refused", async () => {
    const { archive, folder, open, lock } = await project();
    const clone = await open();
    const inRelease = async (request: object, from: TestArchive) => {
      await buildArchive({ packages, date: monthAgo, ...request, into: from });
      return clone.store.fetchUnpinned(
        `${from.url}/dists/trixie/InRelease`,
        { offline: false, maxBytes: 9999 },
        io,
      );
    };
    const { inRelease: old } = (
      lock.from as unknown as { debs: { indexes: { inRelease: string }[] } }
    ).debs.indexes[0]!;
    const other = await inRelease({ faults: { codename: 'bookworm' } }, archive);
    const passedOff = await refusal(proveInputs(clone, edited(lock, [old, other.sha256]), {}, io));
    expect(passedOff.message).toContain('is the index of bookworm, not of trixie');
    const strange = await inRelease({ faults: { stranger: true } }, archive);
    const unknown = await refusal(proveInputs(clone, edited(lock, [old, strange.sha256]), {}, io));
    expect(unknown.message).toContain('is not among the trusted keys');
    expect((await readdir(folder)).sort()).not.toContain('out');
  });

  test('is believed no longer when the key beside the recipe is another', async () => {
    const { folder, then, lock } = await project();
    expect(doubtsIn(lock, await build(then, lock))).toEqual([]);
    await writeFile(join(folder, 'archive.asc'), (await newKey()).publicKey);
    expect((await refusal(build(then, lock))).code).toBe('SOURCE_UNTRUSTED');
  });
});

test('a lock in which single packages were updated is proven by the index of each', async () => {
  const { archive, moving, open, lock } = await project();
  await moving.keep(new Date(monthAgo.getTime() + 2 * 3_600_000));
  await moveOn(archive);
  const updated = await updateOnly(lock, await resolveLock(await open(), io), ['libhello']);
  expect(debsIn(updated).map(({ version }) => version)).toEqual(['1.0-1', '2.0-1']);
  const proof = await build(await open(), updated);
  expect(doubtsIn(updated, proof)).toEqual([]);
  expect(trustChain(updated, proof).links.map(({ vouchesFor }) => vouchesFor)).toEqual([
    ['libhello'],
    ['hello'],
  ]);
});

test('a key that has expired since it signed a pinned index was good at its time', async () => {
  const { archive, folder, open, lock } = await project();
  const { reformatKey } = await import('openpgp');
  const { publicKey } = await reformatKey({
    privateKey: archive.key.privateKey,
    userIDs: [{ name: 'Test Archive', email: 'archive@example.org' }],
    keyExpirationTime: Math.floor((monthAgo.getTime() + 2 * day - Date.parse('2025-01-01')) / 1000),
    date: new Date('2025-01-01T00:00:00Z'),
  });
  await writeFile(join(folder, 'archive.asc'), publicKey);
  expect(doubtsIn(lock, await build(await open(), lock))).toEqual([]);
});
