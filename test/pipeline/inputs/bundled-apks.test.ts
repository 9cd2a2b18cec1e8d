import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeBundle } from '../../../src/lock/bundle/read.ts';
import { writeBundle } from '../../../src/lock/bundle/write.ts';
import { doubtsIn } from '../../../src/lock/prove.ts';
import { askedBy, requestDigest } from '../../../src/lock/request.ts';
import type { Lock } from '../../../src/lock/schema.ts';
import { bundledInputs } from '../../../src/pipeline/inputs/bundle-inputs.ts';
import { fetchInputs } from '../../../src/pipeline/inputs/fetch-inputs.ts';
import { proveInputs } from '../../../src/pipeline/inputs/prove-inputs.ts';
import type { OpenBuild } from '../../../src/pipeline/open-build.ts';
import { apkIndex, buildApk, newApkKey } from '../../support/apk.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { lockOf } from '../../support/lock.ts';
import { lockedApk, repository } from '../../support/locked-apk.ts';
import { openedBuild } from '../../support/opened-build.ts';
import { refusal, writeTree } from '../../support/recipe.ts';
import { recordingIo, serving } from '../../support/store.ts';
import { file } from '../../support/tar.ts';

const key = newApkKey();
const { io } = recordingIo();

const helloOf = (text: string) =>
  buildApk({ name: 'hello', entries: [file('usr/bin/hello', text)] });

type Apk = Awaited<ReturnType<typeof helloOf>>;

/** Returns a lock of one package, whose index is that of `listed`. */
function lockOn(open: OpenBuild, mirror: string, index: Uint8Array, listed: Apk, apk: Apk): Lock {
  const apks = lockedApk(listed, { mirror, index, key }, apk);
  const asked = JSON.parse(JSON.stringify(askedBy(open.plan))) as object;
  return lockOf('apk', apks, { recipe: 'demo', asked, request: requestDigest(open.plan) });
}

/** A project with a mirror of one package, and its inputs fetched. */
async function project() {
  const genuine = await helloOf('hello');
  const index = await apkIndex([genuine.stanza], key);
  const files = new Map<string, Uint8Array>([
    [`/${repository}/x86_64/APKINDEX.tar.gz`, index],
    [`/${repository}/x86_64/${genuine.filename}`, genuine.bytes],
  ]);
  const { url } = await serving(files);
  const folder = temporaryFolder();
  await writeTree(folder, {
    'recipe.yaml': `name: demo\nfrom:\n  apk: { branch: "3.20", packages: [hello], keys: ["${key.name}"] }\n`,
    [key.name]: key.publicKey,
  });
  const env = { MKBASE_ALPINE_MIRROR: url };
  const open = await openedBuild({ folder, cache: temporaryFolder(), env });
  const clone = await openedBuild({ folder, cache: temporaryFolder(), request: { offline: true } });
  const lock = (apk: Apk) => lockOn(open, url, index, genuine, apk);
  return { genuine, files, open, clone, lock };
}

/** Proves in a clone without network what a bundle brings, which was written for a lock. */
async function provenFromBundle(open: OpenBuild, clone: OpenBuild, lock: Lock) {
  await fetchInputs(open.plan, lock, undefined, open.sources, io);
  const bundle = join(temporaryFolder(), 'inputs.tar');
  await writeBundle(lock, await bundledInputs(open, lock, io), bundle, open.store, io);
  const taken = await takeBundle(bundle, clone.store, io);
  const request = { frozen: true, policy: 'strict' };
  return doubtsIn(taken, await proveInputs(clone, taken, request, io));
}

test('packages of apk are proven without network by a bundle of them and of their index', async () => {
  const { genuine, open, clone, lock } = await project();
  const pinned = lock(genuine);
  await fetchInputs(open.plan, pinned, undefined, open.sources, io);
  await proveInputs(open, pinned, { afresh: true }, io);
  expect(await provenFromBundle(open, clone, pinned)).toEqual([]);
});

test('a bundle whose package of apk and lock were changed alike is refused', async () => {
  const { genuine, files, open, clone, lock } = await project();
  const pinned = lock(genuine);
  await fetchInputs(open.plan, pinned, undefined, open.sources, io);
  await proveInputs(open, pinned, { afresh: true }, io);
  const evil = await helloOf('evil!');
  files.set(`/${repository}/x86_64/${evil.filename}`, evil.bytes);
  const error = await refusal(provenFromBundle(open, clone, lock(evil)));
  expect(error).toMatchObject({
    code: 'SOURCE_UNTRUSTED',
    message: expect.stringContaining('hello 1.0-r0'),
  });
});
