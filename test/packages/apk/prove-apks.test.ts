import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foreignKeys } from '../../../src/packages/apk/keys.ts';
import type { LockedApks } from '../../../src/packages/apk/locked-apks.ts';
import { proveApks } from '../../../src/packages/apk/prove-apks.ts';
import { isProven } from '../../../src/packages/proof.ts';
import { openStore } from '../../../src/store/store.ts';
import { apkIndex, buildApk, newApkKey } from '../../support/apk.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { lockedApk, repository } from '../../support/locked-apk.ts';
import { quickLimits, recordingIo, serving, sha256Of } from '../../support/store.ts';
import { file } from '../../support/tar.ts';

const key = newApkKey();
const stranger = newApkKey('stranger@example.org-1.rsa.pub');
const keys = new Map([[key.name, createPublicKey(key.publicKey)]]);
const { io } = recordingIo();

/** A mirror of one package, a lock of it, and a cache that is empty. */
async function locked() {
  const hello = await buildApk({ name: 'hello', entries: [file('usr/bin/hello', 'hello')] });
  const index = await apkIndex([hello.stanza], key);
  const files = new Map<string, Uint8Array>([
    [`/${repository}/x86_64/APKINDEX.tar.gz`, index],
    [`/${repository}/x86_64/${hello.filename}`, hello.bytes],
  ]);
  const { url: mirror } = await serving(files);
  const lock = lockedApk(hello, { mirror, index, key });
  const prove = async (of: LockedApks, changes: { offline?: boolean; keys?: typeof keys } = {}) => {
    const store = await openStore(join(temporaryFolder(), 'cache'), quickLimits);
    const asked = {
      keys,
      foreign: new Set([key.name]),
      repositories: [repository],
      arch: 'x86_64',
    };
    const context = { store, offline: false, allow: [], now: new Date(), mirror: undefined };
    return proveApks(of, { ...asked, ...changes }, { ...context, ...changes }, io);
  };
  return { files, lock, prove };
}

test('packages are proven by the index that a key signed, and each by its own bytes', async () => {
  const { lock, prove } = await locked();
  const proof = await prove(lock);
  expect(proof.refusals).toEqual([]);
  expect(proof.signed).toMatchObject([{ signedBy: [key.name], foreign: true }]);
  expect(proof.inputs.every(isProven)).toBe(true);
});

test('a lock edited to a trojaned package, all fields of the index unchanged, is refused', async () => {
  const { files, lock, prove } = await locked();
  const evil = await buildApk({ name: 'hello', entries: [file('usr/bin/hello', 'evil!')] });
  files.set(`/${lock.packages[0]?.filename}`, evil.bytes);
  const [hello] = lock.packages;
  const changed = {
    ...lock,
    packages: [{ ...hello!, size: evil.bytes.length, sha256: sha256Of(evil.bytes) }],
  };
  const { refusals, inputs } = await prove(changed);
  expect(refusals[0]?.error.message).toMatch(/hello 1\.0-r0/);
  expect(inputs.some(isProven)).toBe(false);
  // The size as well is what the index says: only the checksum tells.
  const sameSize = { ...changed, packages: [{ ...changed.packages[0]!, size: hello!.size }] };
  expect((await prove(sameSize)).inputs.some(isProven)).toBe(false);
});

test.each<readonly [string, (lock: LockedApks) => LockedApks, string]>([
  [
    'other keys',
    (lock) => ({ ...lock, indexes: [{ ...lock.indexes[0]!, signedBy: stranger.name }] }),
    'the signedBy of APKINDEX',
  ],
  [
    'another date',
    (lock) => ({ ...lock, indexes: [{ ...lock.indexes[0]!, date: 1 }] }),
    'the date of APKINDEX',
  ],
  [
    'another licence',
    (lock) => ({ ...lock, packages: [{ ...lock.packages[0]!, license: 'MIT-0' }] }),
    'the license of hello',
  ],
  [
    'a version that is not listed',
    (lock) => ({ ...lock, packages: [{ ...lock.packages[0]!, version: '2.0-r0' }] }),
    'it lists no such package',
  ],
  ['another architecture', (lock) => ({ ...lock, arch: 'aarch64' }), 'the architecture is aarch64'],
  [
    'another distribution',
    (lock) => ({ ...lock, distro: 'wolfi' }),
    'the distribution is wolfi; the recipe says alpine',
  ],
])('a lock edited to say %s is refused', async (_, edit, words) => {
  const { lock, prove } = await locked();
  const { refusals } = await prove(edit(lock));
  expect(refusals.map(({ error }) => error.message).join()).toContain(words);
});

test('an index of a repository that the recipe does not ask for is refused, whoever signed it', async () => {
  const { files, lock, prove } = await locked();
  const other = 'v3.20/community';
  for (const [path, bytes] of files) files.set(path.replace(repository, other), bytes);
  const { refusals, inputs } = await prove({
    ...lock,
    indexes: lock.indexes.map((each) => ({ ...each, repository: other })),
    packages: lock.packages.map((each) => ({ ...each, repository: other })),
  });
  expect(refusals.map(({ error }) => error.message).join()).toContain(
    'the repository is v3.20/community',
  );
  expect(inputs.some(isProven)).toBe(false);
});

test('an index by an unknown key, garbage, and one of another branch are refused', async () => {
  const { files, lock, prove } = await locked();
  const pinned = async (bytes: Uint8Array) => {
    files.set(`/${repository}/x86_64/APKINDEX.tar.gz`, bytes);
    return prove({ ...lock, indexes: [{ ...lock.indexes[0]!, sha256: sha256Of(bytes) }] });
  };
  const unknown = await pinned(await apkIndex([], stranger));
  expect(unknown.refusals[0]?.error.message).toContain('which is not believed here');
  expect((await pinned(Buffer.from('garbage'))).refusals).toHaveLength(1);
  const other = await pinned(await apkIndex([], key, { description: 'v3.19.1-1-gtest' }));
  expect(other.refusals[0]?.error.message).toContain('it is that of v3.19');
});

test('an index that the mirror has no more leaves packages unproven, with the reason', async () => {
  const { files, lock, prove } = await locked();
  files.set(`/${repository}/x86_64/APKINDEX.tar.gz`, await apkIndex([], key));
  const { inputs, refusals } = await prove(lock);
  expect(refusals).toEqual([]);
  expect(inputs).toMatchObject([
    { reason: expect.stringContaining('APKINDEX of v3.20/main cannot be had') },
  ]);
});

test("a key that bears the name of one of Alpine's own, and is another, is refused", async () => {
  const impostor = new Map([
    ['alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub', createPublicKey(key.publicKey)],
  ]);
  await expect(foreignKeys(impostor, 'x86_64')).rejects.toMatchObject({
    code: 'SOURCE_UNTRUSTED',
    message: expect.stringContaining('bears the name'),
  });
  expect(await foreignKeys(keys, 'x86_64')).toEqual(new Set([key.name]));
});
