import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { platforms } from '../../../src/base/platform.ts';
import {
  minirootfsDownloads,
  requireLocked,
  resolveMinirootfs,
  type UrlMinirootfs,
} from '../../../src/kinds/minirootfs/resolve.ts';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { newKey, signDetached, type TestKey } from '../../support/openpgp-key.ts';
import { quickLimits, recordingIo, serving, sha256Of } from '../../support/store.ts';

const bytes = randomBytes(50_000);
const sha256 = sha256Of(bytes);
const sha512 = createHash('sha512').update(bytes).digest('hex');

let key: TestKey;
let stranger: TestKey;
beforeAll(async () => {
  [key, stranger] = [await newKey(), await newKey()];
});

/** Resolves an archive on loopback; `signer` signs it, `key` is beside the recipe. */
async function resolve(
  wanted: (url: string) => Partial<UrlMinirootfs>,
  { signer, name = 'rootfs.tar.xz' }: { signer?: TestKey; name?: string } = {},
) {
  const files = new Map<string, Uint8Array>([[`/${name}`, bytes]]);
  if (signer) files.set(`/${name}.sig`, Buffer.from(await signDetached(bytes, signer)));
  const server = await serving(files);
  const folder = temporaryFolder();
  await writeFile(join(folder, 'key.asc'), key.publicKey);
  const store = await openStore(join(folder, 'cache'), quickLimits);
  const context = { store, offline: false, allow: [], now: new Date(), mirror: undefined };
  const url = `${server.url.replace('//', '//me:secret@')}/${name}`;
  const { io } = recordingIo();
  const request = { url, ...wanted(server.url) };
  const amd64 = platforms['linux/amd64'];
  return { url: server.url, locked: await resolveMinirootfs(request, folder, amd64, context, io) };
}

const signature = (url: string) => ({ url: `${url}/rootfs.tar.xz.sig`, key: 'key.asc' });

describe('an archive by URL', () => {
  test.each([
    ['pinned by sha256', { sha256 }],
    ['pinned by sha512', { sha512 }],
  ])('that is not there, %s, is told by its URL, and that the recipe names it', async (_, pins) => {
    const gone = (url: string) => ({ ...pins, url: `${url}/gone.tar.xz` });
    await expect(resolve(gone)).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringMatching(/\/gone\.tar\.xz: the server answers 404 \(not there\)\.$/),
      hint: expect.stringMatching(/^(?=.*recipe)(?!.*update)/),
    });
  });

  test.each([
    ['sha256', { sha256 }],
    ['sha512', { sha512 }],
    ['both', { sha256, sha512 }],
  ])('is pinned by %s, without the credentials of its URL', async (_, pins) => {
    const { url, locked } = await resolve(() => pins);
    expect(locked).toEqual({
      url: `${url}/rootfs.tar.xz`,
      name: 'rootfs.tar.xz',
      size: bytes.length,
      sha256,
      sha512,
      trust: { by: 'recipe' },
    });
  });

  test.each([
    ['sha256', { sha256: '0'.repeat(64) }],
    ['sha512', { sha512: '0'.repeat(128) }],
    ['sha512, though the sha256 holds', { sha256, sha512: '0'.repeat(128) }],
  ])('is refused for another %s, with expected and received', async (_, pins) => {
    await expect(resolve(() => pins)).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringMatching(/\/rootfs\.tar\.xz: .*\n +expected .*0{64}.*\n +received /),
    });
  });

  test('must have the signature that the recipe names, by its key', async () => {
    const wanted = (url: string) => ({ sha256, signature: signature(url) });
    const { locked } = await resolve(wanted, { signer: key });
    expect(locked.trust).toMatchObject({ by: 'signature', signedBy: [key.fingerprint] });
    const untrusted = { code: 'SOURCE_UNTRUSTED' };
    await expect(resolve(wanted, { signer: stranger })).rejects.toMatchObject(untrusted);
    await expect(resolve(wanted)).rejects.toMatchObject(untrusted);
  });

  test('is refused when its name is not that of a tar archive', async () => {
    const resolving = resolve(() => ({ sha256 }), { name: 'rootfs.zip' });
    await expect(resolving).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('an archive beside the recipe', () => {
  const io = recordingIo().io;
  const amd64 = platforms['linux/amd64'];

  async function beside(wanted: { readonly file?: string; readonly sha256?: string } = {}) {
    const folder = temporaryFolder();
    const file = wanted.file ?? 'rootfs.tar.gz';
    await writeFile(join(folder, 'rootfs.tar.gz'), bytes);
    const store = await openStore(join(folder, 'cache'), quickLimits);
    const context = { store, offline: true, allow: [], now: new Date(), mirror: undefined };
    const source = { ...wanted, file };
    return { folder, source, locked: resolveMinirootfs(source, folder, amd64, context, io) };
  }

  test('is pinned by its bytes, at a place that no machine is named in, also offline', async () => {
    const { folder, source, locked } = await beside();
    expect(await locked).toEqual({
      url: 'file:rootfs.tar.gz',
      name: 'rootfs.tar.gz',
      size: bytes.length,
      sha256,
      sha512,
      trust: { by: 'recipe' },
    });
    expect(minirootfsDownloads(await locked, source, folder, { mirror: undefined })).toEqual([
      { urls: [`file://${folder}/rootfs.tar.gz`], sha256, size: bytes.length },
    ]);
  });

  test('is refused for another sha256 than the recipe states, and where it is missing', async () => {
    const other = await beside({ sha256: '0'.repeat(64) });
    await expect(other.locked).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
    const missing = await beside({ file: 'other.tar.gz' });
    await expect(missing.locked).rejects.toThrow('other.tar.gz');
  });

  test('must be the one that is locked, whatever the store has', async () => {
    const { folder, source, locked } = await beside();
    const found = await locked;
    await requireLocked(source, found, folder);
    await writeFile(join(folder, 'rootfs.tar.gz'), 'another');
    await expect(requireLocked(source, found, folder)).rejects.toMatchObject({
      code: 'LOCK_STALE',
      message: expect.stringMatching(/rootfs\.tar\.gz: .*\n +locked .*\n +found /),
    });
  });
});

describe('a locked archive', () => {
  const path = 'v3.20/releases/x86_64/a.tar.gz';
  const release = { distro: 'alpine', version: '3.20.3', arch: 'x86_64', date: 0, path } as const;
  const locked = {
    url: `http://old/${path}`,
    name: 'a.tar.gz',
    size: 5,
    sha256,
    sha512,
    release,
    trust: { by: 'recipe' },
  } as const;

  test("is asked of this run's mirror before the lock's", () => {
    const wanted = { distro: 'alpine', release: '3.20' } as const;
    expect(minirootfsDownloads(locked, wanted, '/recipe', { mirror: 'http://new/alpine' })).toEqual(
      [{ urls: [`http://new/alpine/${path}`, locked.url], sha256, size: 5 }],
    );
  });

  test("is asked of the recipe's URL, which may carry credentials", () => {
    const { release: _, ...byUrl } = locked;
    const url = 'http://me:secret@old/a.tar.gz';
    const [download] = minirootfsDownloads(byUrl, { url, sha256 }, '/recipe', {
      mirror: undefined,
    });
    expect(download?.urls).toEqual([url, locked.url]);
  });
});
