import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { MkbaseError } from '../../../src/base/errors.ts';
import { signedApkIndex } from '../../../src/packages/apk/signed-index.ts';
import { openStore } from '../../../src/store/store.ts';
import {
  type ApkIndexOptions,
  apkIndex,
  buildApk,
  newApkKey,
  signatureMember,
} from '../../support/apk.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { quickLimits, recordingIo, serving, sha256Of } from '../../support/store.ts';

const key = newApkKey();
const keys = new Map([[key.name, createPublicKey(key.publicKey)]]);
const path = '/v3.20/main/x86_64/APKINDEX.tar.gz';

interface Circumstances {
  readonly offline?: boolean;
  readonly repository?: string;
}

/** A mirror whose index may change between runs that share a cache. */
async function mirror() {
  const files = new Map<string, Uint8Array>();
  const server = await serving(files);
  const store = await openStore(join(temporaryFolder(), 'cache'), quickLimits);
  const open = ({ offline = false, repository = 'v3.20/main' }: Circumstances = {}) => {
    const url = server.url.replace('//', '//me:secret@');
    const place = { mirror: url, repository, arch: 'x86_64' };
    const context = { store, offline, allow: [], now: new Date(), mirror: url };
    return signedApkIndex(place, keys, context, recordingIo().io);
  };
  return {
    files,
    server,
    open,
    refused: (by?: Circumstances) =>
      open(by).then(
        () => undefined,
        (error: MkbaseError) => error,
      ),
  };
}

const index = async (options: ApkIndexOptions = {}, arch = 'x86_64') => {
  const { stanza } = await buildApk({ name: 'hello' }, undefined, arch);
  return apkIndex([stanza], key, options);
};

describe('the index of a repository', () => {
  test('is pinned with its hash, its date and who signed it; the mirror without credentials', async () => {
    const { files, server, open } = await mirror();
    const bytes = await index({ date: 1_725_600_000 });
    files.set(path, bytes);
    const found = await open();
    expect(found.locked).toEqual({
      repository: 'v3.20/main',
      mirror: server.url,
      date: 1_725_600_000,
      sha256: sha256Of(bytes),
      signedBy: key.name,
      signature: 'rsa-sha1',
    });
    expect(found.description).toBe('v3.20.3-1-gtest');
    expect(found.find('hello')).toHaveLength(1);
    expect(Buffer.from(found.file).equals(bytes)).toBe(true);
  });

  test('is refused when it is missing, with its place', async () => {
    const { server, refused } = await mirror();
    expect(await refused()).toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: `${server.url} has no package index of v3.20/main for x86_64: ${server.url}${path} is not there.`,
      hint: expect.stringContaining('--mirror'),
    });
  });

  test('is refused when another key has signed it, before it is parsed', async () => {
    const { files, refused } = await mirror();
    const forged = gzipSync('no archive at all');
    files.set(path, Buffer.concat([await signatureMember(forged, newApkKey()), forged]));
    expect(await refused()).toMatchObject({ code: 'SOURCE_UNTRUSTED' });
  });

  test('is refused when it is another architecture’s or another branch’s, whoever signed it', async () => {
    const { files, refused } = await mirror();
    files.set(path, await index({}, 'aarch64'));
    expect(await refused()).toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('hello is for aarch64, not for x86_64'),
    });
    files.set(path, await index({ description: 'v3.17.10-20-gabcdef' }));
    expect(await refused()).toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('it is that of v3.17, by its own words'),
    });
  });

  test('is refused when it is older than the one before it', async () => {
    const { files, open, refused } = await mirror();
    files.set(path, await index({ date: 1_725_600_000 }));
    await open();
    files.set(path, await index({ date: 1_725_500_000 }));
    const error = await refused();
    expect(error).toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('older than the one of 2024-09-06T05:20:00.000Z'),
    });
    expect(error?.message).not.toContain('secret');
    expect(error?.hint).toContain('state/alpine');
  });

  test('is read again offline, and missed where it was never read', async () => {
    const { files, open, refused, server } = await mirror();
    files.set(path, await index());
    const first = await open();
    const asked = server.requests.length;
    expect((await open({ offline: true })).locked).toEqual(first.locked);
    expect(server.requests).toHaveLength(asked);
    expect(await refused({ offline: true, repository: 'v3.20/community' })).toMatchObject({
      code: 'OFFLINE',
    });
  });

  test('is refused when it is signed but none', async () => {
    const { files, refused } = await mirror();
    for (const [bytes, message] of [
      [gzipSync(Buffer.alloc(1024)), 'holds no APKINDEX'],
      [gzipSync('text'), 'is cut inside its header'],
      [Buffer.from('text'), 'no whole gz stream'],
      [gzipSync(Buffer.alloc(70_000_000)), 'unpacks to more than'],
    ] as const) {
      files.set(path, Buffer.concat([await signatureMember(bytes, key), bytes]));
      expect((await refused())?.message).toContain(message);
    }
  });
});
