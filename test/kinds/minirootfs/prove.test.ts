import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { platforms } from '../../../src/base/platform.ts';
import type { LockedRootfs } from '../../../src/kinds/minirootfs/locked-rootfs.ts';
import { proveMinirootfs } from '../../../src/kinds/minirootfs/prove.ts';
import { resolveMinirootfs } from '../../../src/kinds/minirootfs/resolve.ts';
import type { MinirootfsSource } from '../../../src/kinds/minirootfs/schema.ts';
import { isProven } from '../../../src/packages/proof.ts';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { newKey, signDetached } from '../../support/openpgp-key.ts';
import { quickLimits, recordingIo, serving, sha256Of } from '../../support/store.ts';

const bytes = Buffer.from('a root filesystem');
const evil = Buffer.from('an evil root filesystem');
const sha512Of = (of: Uint8Array) => createHash('sha512').update(of).digest('hex');
const { io } = recordingIo();

/** A signed archive on loopback, its lock, and what is believed of a lock with an empty cache. */
async function signed() {
  const key = await newKey();
  const files = new Map<string, Uint8Array>([
    ['/rootfs.tar', bytes],
    ['/rootfs.tar.sig', Buffer.from(await signDetached(bytes, key))],
  ]);
  const { url } = await serving(files);
  const folder = temporaryFolder();
  await writeFile(join(folder, 'key.asc'), key.publicKey);
  const sources = async (allow: readonly string[] = []) => ({
    store: await openStore(join(temporaryFolder(), 'cache'), quickLimits),
    ...{ offline: false, mirror: undefined, env: {}, allow, now: new Date() },
  });
  const source = {
    url: `${url}/rootfs.tar`,
    sha256: sha256Of(bytes),
    signature: { url: `${url}/rootfs.tar.sig`, key: 'key.asc' },
  };
  const platform = platforms['linux/amd64'];
  const archive = await resolveMinirootfs(source, folder, platform, await sources(), io);
  const prove = async (lock: LockedRootfs, of: MinirootfsSource = source, allow?: string[]) => {
    const wanted = { name: 'demo', source: of, packages: [], folder, platform };
    const proof = await proveMinirootfs(wanted, { archive: lock }, await sources(allow), io);
    return {
      ...proof,
      proven: proof.inputs.every(isProven),
      error: proof.refusals[0]?.error.message,
    };
  };
  return { key, files, source, archive, prove };
}

/** The lock of an archive with other bytes, all of its own fields made to fit. */
const replaced = (archive: LockedRootfs): LockedRootfs => ({
  ...archive,
  ...{ size: evil.length, sha256: sha256Of(evil), sha512: sha512Of(evil) },
});

test('an archive is proven by the signature that the recipe names, though its key is foreign', async () => {
  const { key, archive, prove } = await signed();
  const { proven, signed: by } = await prove(archive);
  expect(proven).toBe(true);
  expect(by).toMatchObject([{ signedBy: [key.fingerprint], foreign: true }]);
});

test('a lock edited to another archive is refused by the recipe, and by the signature', async () => {
  const { files, source, archive, prove } = await signed();
  files.set('/rootfs.tar', evil);
  const lock = replaced(archive);
  expect((await prove(lock)).error).toContain('the recipe says');
  const { url, signature } = source;
  expect((await prove(lock, { url, signature, sha512: sha512Of(bytes) })).error).toContain(
    'sha512',
  );
  const unpinned = { url, signature, sha512: sha512Of(evil) };
  expect((await prove(lock, unpinned)).error).toContain('has no valid signature');
});

test.each<readonly [string, (lock: LockedRootfs) => LockedRootfs, string]>([
  [
    'other keys',
    (lock) => ({
      ...lock,
      trust: { ...(lock.trust as object), signedBy: ['AB'.repeat(20)] } as never,
    }),
    'who signed rootfs.tar',
  ],
  ['no signature', (lock) => ({ ...lock, trust: { by: 'recipe' } }), 'the recipe says signature'],
  [
    'that it was let pass',
    (lock) => ({ ...lock, trust: { by: 'unsigned-archive' } }),
    'the recipe says signature',
  ],
  ['another sha512', (lock) => ({ ...lock, sha512: sha512Of(evil) }), 'the sha512 of rootfs.tar'],
])('a lock edited to say %s is refused', async (_, edit, words) => {
  const { archive, prove } = await signed();
  expect((await prove(edit(archive))).error).toContain(words);
});

test('an archive of another release than the recipe asks for is refused', async () => {
  const { archive, prove } = await signed();
  const release = {
    distro: 'alpine',
    version: '3.19.1',
    arch: 'x86_64',
    date: 1,
    path: 'x',
  } as const;
  const asked = { distro: 'alpine', release: '3.20' } as const;
  expect((await prove({ ...archive, release }, asked)).error).toContain(
    'the release of rootfs.tar',
  );
});

test('an archive that nothing signs is believed only with --allow unsigned-archive in this run', async () => {
  const { archive, prove } = await signed();
  const lock: LockedRootfs = { ...archive, trust: { by: 'unsigned-archive' } };
  const asked = { distro: 'alpine', release: 'latest-stable' } as const;
  expect(await prove(lock, asked)).toMatchObject({ proven: false, error: undefined });
  expect((await prove(lock, asked, ['unsigned-archive'])).inputs).toMatchObject([
    { ground: 'unsigned-archive' },
  ]);
});
