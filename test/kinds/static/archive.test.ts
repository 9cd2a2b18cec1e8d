import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { archiveDownloads, resolveArchive } from '../../../src/kinds/static/archive.ts';
import { defaultMirrors } from '../../../src/packages/deb/archive/mirrors.ts';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { newKey, signDetached, type TestKey } from '../../support/openpgp-key.ts';
import { serving, sha256Of } from '../../support/store.ts';

const io = { emit: () => {}, signal: new AbortController().signal };
const bytes = randomBytes(100_000);
const sha256 = sha256Of(bytes);

let key: TestKey;
let stranger: TestKey;
beforeAll(async () => {
  [key, stranger] = [await newKey(), await newKey()];
});

/** A recipe's folder with an archive, its signature by `signer`, and the key that must have made it. */
async function recipeFolder(signer: TestKey) {
  const folder = temporaryFolder();
  const put = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content);
    return pathToFileURL(join(folder, name)).href;
  };
  const url = await put('hello-1.0.tar.gz', bytes);
  const signatureUrl = await put('hello-1.0.tar.gz.asc', await signDetached(bytes, signer));
  await put('key.asc', key.publicKey);
  const store = await openStore(join(folder, 'cache'));
  const context = { store, offline: false, now: new Date(), mirrors: defaultMirrors };
  return { folder, url, context, signature: { url: signatureUrl, key: 'key.asc' } };
}

describe('resolveArchive', () => {
  test('pins an archive by what the recipe says, without fetching it', async () => {
    const { folder, context } = await recipeFolder(key);
    const wanted = { url: 'https://user:secret@example.org/x/hello-1.0.tar.gz', sha256 };
    expect(await resolveArchive(wanted, folder, context, io)).toEqual({
      url: 'https://example.org/x/hello-1.0.tar.gz',
      name: 'hello-1.0.tar.gz',
      sha256,
      trust: { by: 'recipe' },
    });
  });

  test('checks a detached signature', async () => {
    const { folder, url, context, signature } = await recipeFolder(key);
    expect(await resolveArchive({ url, sha256, signature }, folder, context, io)).toEqual({
      url,
      name: 'hello-1.0.tar.gz',
      sha256,
      size: bytes.length,
      trust: {
        by: 'signature',
        url: signature.url,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        signedBy: [key.fingerprint],
      },
    });
  });

  test("refuses a signature by another key than the recipe's", async () => {
    const { folder, url, context, signature } = await recipeFolder(stranger);
    const resolving = resolveArchive({ url, sha256, signature }, folder, context, io);
    await expect(resolving).rejects.toMatchObject({ code: 'SOURCE_UNTRUSTED' });
  });

  test('refuses bytes other than those of the sha256, though they are signed', async () => {
    const { folder, url, context, signature } = await recipeFolder(key);
    const wanted = { url, sha256: '0'.repeat(64), signature };
    const resolving = resolveArchive(wanted, folder, context, io);
    await expect(resolving).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
  });

  test.each(['archive', 'signature'])(
    'tells where the %s is not, at the first lock, and that the recipe names it',
    async (absent) => {
      const { folder, context, url, signature } = await recipeFolder(key);
      const server = await serving(new Map());
      const gone = `${server.url}/hello-1.0.tar.gz`;
      const wanted =
        absent === 'archive'
          ? { url: gone, sha256, signature }
          : { url, sha256, signature: { ...signature, url: gone } };
      await expect(resolveArchive(wanted, folder, context, io)).rejects.toMatchObject({
        code: 'SOURCE_UNREACHABLE',
        message: `Could not fetch ${gone}: the server answers 404 (not there).`,
        hint: expect.stringMatching(/^(?=.*recipe)(?!.*update)/),
      });
    },
  );

  test('refuses a URL that names no file', async () => {
    const { folder, context } = await recipeFolder(key);
    const resolving = resolveArchive({ url: 'https://example.org/', sha256 }, folder, context, io);
    await expect(resolving).rejects.toMatchObject({ code: 'USAGE', hint: expect.any(String) });
  });
});

describe('archiveDownloads', () => {
  const index = {
    suite: 'trixie',
    components: ['main'],
    mirror: 'http://old/debian',
    date: 0,
    inRelease: sha256,
    signedBy: [],
  };

  test("asks this run's mirror before the lock's", () => {
    const url = 'http://old/debian/pool/main/h/hello/hello_1.orig.tar.gz';
    const locked = {
      url,
      name: 'hello_1.orig.tar.gz',
      sha256,
      size: 5,
      trust: { by: 'index', index } as const,
    };
    const mirrors = { main: 'http://new/debian', security: 'http://new/security' };
    expect(archiveDownloads(locked, { mirrors })).toEqual([
      { urls: ['http://new/debian/pool/main/h/hello/hello_1.orig.tar.gz', url], sha256, size: 5 },
    ]);
    expect(archiveDownloads(locked)).toEqual([{ urls: [url], sha256, size: 5 }]);
  });

  test("asks the recipe's own URL with its credentials first", () => {
    const locked = {
      url: 'http://h/a.tar.gz',
      name: 'a.tar.gz',
      sha256,
      trust: { by: 'recipe' } as const,
    };
    const [download] = archiveDownloads(locked, { url: 'http://user:secret@h/a.tar.gz' });
    expect(download?.urls).toEqual(['http://user:secret@h/a.tar.gz', 'http://h/a.tar.gz']);
    expect(download?.byRecipe).toBe(true);
  });
});
