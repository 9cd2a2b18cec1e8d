import { join } from 'node:path';
import { readKey } from 'openpgp';
import { describe, expect, test } from 'vitest';
import type { AskedRepository } from '../../../src/packages/rpm/fetch/asked-repository.ts';
import { metadataDownload, requiredFile } from '../../../src/packages/rpm/fetch/metadata-files.ts';
import {
  refuseSameLists,
  signedRepository,
} from '../../../src/packages/rpm/fetch/signed-repository.ts';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { newKey, signDetached, weakCopy } from '../../support/openpgp-key.ts';
import { quickLimits, recordingIo, serving, sha256Of } from '../../support/store.ts';

const list = '/os/repodata/repomd.xml';
const day = 24 * 3600;
const today = 1_760_000_000;

const repomd = (time: number): Buffer =>
  Buffer.from(`<?xml version="1.0"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>${time}</revision>
<data type="primary"><checksum type="sha256">${sha256Of(String(time))}</checksum>
<location href="repodata/primary.xml.gz"/><timestamp>${time}</timestamp></data></repomd>`);

/** A metalink that names a list as the current one, and others as older states. */
const metalink = (current: Buffer, ...older: Buffer[]): Buffer => {
  const of = (bytes: Buffer) =>
    `<verification><hash type="sha256">${sha256Of(bytes)}</hash></verification>`;
  const alternates = older
    .map((each) => `<mm0:alternate><size>${each.length}</size>${of(each)}</mm0:alternate>`)
    .join('');
  return Buffer.from(`<?xml version="1.0"?>
<metalink version="3.0" xmlns="http://www.metalinker.org/" xmlns:mm0="http://fedorahosted.org/mirrormanager">
<files><file name="repomd.xml"><size>${current.length}</size>${of(current)}
<mm0:alternates>${alternates}</mm0:alternates>
<resources><url protocol="https">https://mirror.example/os/repodata/repomd.xml</url></resources></file></files></metalink>`);
};

/** A mirror whose files may change between runs that share a cache. */
async function mirror(more: (url: string) => Partial<AskedRepository>) {
  const files = new Map<string, Uint8Array>();
  const server = await serving(files);
  const store = await openStore(join(temporaryFolder(), 'cache'), quickLimits);
  const open = async ({ offline = false } = {}) => {
    const asked: AskedRepository = {
      ...{ name: 'os', url: `${server.url}/os`, signed: 'packages', keys: [] },
      ...more(server.url),
    };
    const context = { store, offline, allow: [], now: new Date() };
    return signedRepository(asked, context, recordingIo().io);
  };
  return { files, open, store, url: server.url };
}

describe('a list that a metalink names', () => {
  const withMetalink = () => mirror((url) => ({ metalink: `${url}/metalink` }));

  test('is taken, and the lock says so', async () => {
    const { files, open } = await withMetalink();
    files.set(list, repomd(today));
    files.set('/metalink', metalink(repomd(today), repomd(today - day)));
    const { locked } = await open();
    expect(locked).toMatchObject({ metalink: true, date: today, sha256: sha256Of(repomd(today)) });
  });

  test.each([
    ['changed', repomd(today + 1)],
    ['an older state that it lists too', repomd(today - day)],
  ])('is refused where the mirror has it %s', async (_, served) => {
    const { files, open } = await withMetalink();
    files.set(list, served);
    files.set('/metalink', metalink(repomd(today), repomd(today - day)));
    await expect(open()).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining(`expected sha256 ${sha256Of(repomd(today))}`),
    });
  });

  test('is refused where both are older than what was seen before', async () => {
    const { files, open } = await withMetalink();
    for (const time of [today, today - day]) {
      files.set(list, repomd(time));
      files.set('/metalink', metalink(repomd(time)));
      if (time === today) await open();
    }
    await expect(open()).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('older than the one'),
    });
  });

  test('is refused where there is no metalink', async () => {
    const { files, open } = await withMetalink();
    files.set(list, repomd(today));
    await expect(open()).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });
});

describe('a point release', () => {
  const moved = list.replace('/os/', '/vault/');

  async function pointRelease() {
    const key = await newKey({ rsa: true });
    const keys = [await readKey({ armoredKey: key.publicKey })];
    const made = await mirror((url) => ({ signed: 'repomd', keys, archive: `${url}/vault` }));
    const put = async (path: string, time: number) => {
      const bytes = repomd(time);
      made.files.set(path, bytes);
      made.files.set(`${path}.asc`, Buffer.from(await signDetached(bytes, key)));
    };
    return { ...made, put };
  }

  test('is taken from the archive, signature and all, where the mirror has it no more', async () => {
    const { open, put, url } = await pointRelease();
    await put(moved, today);
    const { locked, asked } = await open();
    expect(locked).toMatchObject({ url: `${url}/vault`, signed: 'repomd', date: today });
    expect(asked.url).toBe(`${url}/vault`);
    expect((await open({ offline: true })).locked).toEqual(locked);
  });

  test('is taken from the mirror where both have it', async () => {
    const { open, put, url } = await pointRelease();
    await put(moved, today - day);
    await put(list, today);
    expect((await open()).locked).toMatchObject({ url: `${url}/os`, date: today });
  });

  test('is refused where the mirror has a list that nobody signed, whatever the archive has', async () => {
    const { files, open, put } = await pointRelease();
    await put(moved, today);
    files.set(list, repomd(today));
    await expect(open()).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('is not signed'),
    });
  });

  test('that neither has is an error', async () => {
    const { open } = await pointRelease();
    await expect(open()).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('/vault'),
    });
  });
});

describe('a signed list', () => {
  async function signedMirror() {
    const key = await newKey({ rsa: true });
    const keys = [await readKey({ armoredKey: key.publicKey })];
    const made = await mirror(() => ({ signed: 'repomd', keys }));
    const put = async (time: number, signedAs = time) => {
      made.files.set(list, repomd(time));
      made.files.set(`${list}.asc`, Buffer.from(await signDetached(repomd(signedAs), key)));
    };
    return { ...made, put };
  }

  test.each([
    ['rolled back, signature and all', today - day, today - day, 'older than the one'],
    ['changed', today + 1, today, 'signature'],
    ['under the signature of another moment', today, today - day, 'signature'],
  ])('is refused %s', async (_, time, signedAs, message) => {
    const { open, put } = await signedMirror();
    await put(today);
    await open();
    await put(time, signedAs);
    await expect(open()).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining(message),
    });
    await put(today);
    expect((await open()).locked.date).toBe(today);
  });

  test('is refused from the future, and the true one is taken after it', async () => {
    const { open, put } = await signedMirror();
    await put(today + 40 * 365 * day, today);
    await expect(open()).rejects.toThrow('signature');
    await put(today + 40 * 365 * day);
    await expect(open()).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('which is in the future'),
    });
    await put(today);
    expect((await open()).locked.date).toBe(today);
  });

  test('is refused by a key that has signed itself with SHA-1 only', async () => {
    const key = await newKey({ rsa: true });
    const keys = [await weakCopy(key)];
    const { files, open } = await mirror(() => ({ signed: 'repomd', keys }));
    files.set(list, repomd(today));
    files.set(`${list}.asc`, Buffer.from(await signDetached(repomd(today), key)));
    await expect(open()).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('has signed itself with a broken hash only'),
    });
  });

  test('names no file of metadata that is too large to fetch', () => {
    const checksum = { algorithm: 'sha256', digest: '0'.repeat(64) } as const;
    const file = { type: 'primary', href: 'p.xml.gz', checksum, openChecksum: undefined };
    const download = (size: number) =>
      metadataDownload({ ...file, size, openSize: undefined }, [], 'os');
    expect(download(512 * 1024 ** 2)).toMatchObject({ size: 512 * 1024 ** 2 });
    expect(() => download(512 * 1024 ** 2 + 1)).toThrow(
      expect.objectContaining({ code: 'SOURCE_CORRUPT' }),
    );
  });

  test('takes no list of packages of another moment', async () => {
    const { files, open, put, store, url } = await signedMirror();
    await put(today);
    const { repomd: read } = await open();
    files.set('/os/repodata/primary.xml.gz', Buffer.from(String(today - day)));
    const file = metadataDownload(requiredFile(read, 'primary', 'os'), [`${url}/os`], 'os');
    const fetched = () => store.fetch([file], { offline: false }, recordingIo().io);
    await expect(fetched()).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
    files.set('/os/repodata/primary.xml.gz', Buffer.from(String(today)));
    await fetched();
    expect(await store.verify(file.sha256, recordingIo().io)).toBe(true);
  });
});

describe('two repositories', () => {
  const opened = async (...times: number[]) => {
    const { files, open } = await mirror(() => ({}));
    const repositories = [];
    for (const [at, time] of times.entries()) {
      files.set(list, repomd(time));
      const { asked, locked, repomd: read } = await open();
      const name = `repository-${at}`;
      repositories.push({ repomd: read, asked: { ...asked, name }, locked: { ...locked, name } });
    }
    return repositories;
  };

  test('with lists of their own are taken', async () => {
    expect(refuseSameLists(await opened(today, today + 1))).toBe(undefined);
  });

  test('of which a mirror serves one in the place of the other are refused', async () => {
    const repositories = await opened(today - 1, today, today);
    expect(() => refuseSameLists(repositories)).toThrow(
      expect.objectContaining({
        code: 'SOURCE_UNTRUSTED',
        message: expect.stringMatching(
          /repository-1 and repository-2 have the very same list.*sha256 [0-9a-f]{64}$/s,
        ),
      }),
    );
  });
});
