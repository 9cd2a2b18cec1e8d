import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { MkbaseError } from '../../../src/base/errors.ts';
import { platforms } from '../../../src/base/platform.ts';
import { type AlpineRequest, resolveAlpine } from '../../../src/kinds/minirootfs/published.ts';
import { openStore } from '../../../src/store/store.ts';
import { alpineMirror, rootfsArchive, type TestRelease } from '../../support/alpine-mirror.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { newKey, type TestKey } from '../../support/openpgp-key.ts';
import { filesIn, quickLimits, recordingIo, serving, sha256Of } from '../../support/store.ts';
import { file } from '../../support/tar.ts';

let key: TestKey;
let stranger: TestKey;
beforeAll(async () => {
  [key, stranger] = [await newKey(), await newKey()];
});

interface Circumstances {
  readonly wanted?: Partial<AlpineRequest>;
  readonly allow?: readonly string[];
  readonly offline?: boolean;
  readonly platform?: keyof typeof platforms;
  /** Changes what the mirror serves. */
  readonly change?: (files: Map<string, Uint8Array>) => void;
}

/** Resolves against a mirror on loopback with one release, signed unless it says otherwise. */
async function resolve(release: TestRelease, circumstances: Circumstances = {}) {
  const { wanted, allow = [], offline = false, platform, change } = circumstances;
  const files = await alpineMirror(release);
  change?.(files);
  const server = await serving(files);
  const folder = temporaryFolder();
  await writeFile(join(folder, 'key.asc'), key.publicKey);
  const store = await openStore(join(folder, 'cache'), quickLimits);
  const context = {
    store,
    offline,
    allow,
    now: new Date(),
    mirror: server.url,
    keyrings: [join(folder, 'key.asc')],
  };
  const request = { distro: 'alpine', release: '3.20', ...wanted } as const;
  const { io } = recordingIo();
  const resolving = resolveAlpine(request, platforms[platform ?? 'linux/amd64'], context, io);
  const outcome = await resolving.then(
    (locked) => ({ locked, error: undefined }),
    (error: MkbaseError) => ({ locked: undefined, error }),
  );
  const stored = (await filesIn(join(folder, 'cache'))).filter((name) => name.startsWith('blobs/'));
  return { ...outcome, server, stored };
}

const archivePath = 'v3.20/releases/x86_64/alpine-minirootfs-3.20.3-x86_64.tar.gz';

describe('a release that is signed', () => {
  test('is pinned with both digests, its date, and who signed it', async () => {
    const { locked, server, stored } = await resolve({ key });
    const archive = await rootfsArchive();
    expect(locked).toEqual({
      url: `${server.url}/${archivePath}`,
      name: 'alpine-minirootfs-3.20.3-x86_64.tar.gz',
      size: archive.length,
      sha256: sha256Of(archive),
      sha512: expect.stringMatching(/^[0-9a-f]{128}$/),
      release: {
        distro: 'alpine',
        version: '3.20.3',
        arch: 'x86_64',
        date: Date.UTC(2024, 8, 6) / 1000,
        path: archivePath,
      },
      trust: {
        by: 'signature',
        url: `${server.url}/${archivePath}.asc`,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        signedBy: [key.fingerprint],
      },
    });
    const signature = locked && 'sha256' in locked.trust ? locked.trust.sha256 : '';
    const blobs = [sha256Of(archive), signature].map((each) => `blobs/sha256/${each}`);
    expect(stored).toEqual(blobs.sort());
  });

  test('may be asked for exactly, and for another architecture', async () => {
    const { locked } = await resolve(
      { key, arch: 'aarch64' },
      { wanted: { release: '3.20.3' }, platform: 'linux/arm64' },
    );
    expect(locked).toMatchObject({ release: { version: '3.20.3', arch: 'aarch64' } });
  });

  test('is found as latest-stable, and pinned in the folder of its branch', async () => {
    const { locked } = await resolve(
      { key },
      {
        wanted: { release: 'latest-stable' },
        change: (files) => {
          const index = 'releases/x86_64/latest-releases.yaml';
          files.set(`/latest-stable/${index}`, files.get(`/v3.20/${index}`)!);
        },
      },
    );
    expect(locked?.release?.path).toBe(archivePath);
  });
});

describe('a signature that does not hold', () => {
  test.each([
    ['refused', {}],
    ['refused even when unsigned archives are allowed', { allow: ['unsigned-archive'] }],
  ])('is %s', async (_, circumstances) => {
    const { error } = await resolve({ key: stranger }, circumstances);
    expect(error).toMatchObject({ code: 'SOURCE_UNTRUSTED' });
    expect(error?.message).toContain(archivePath);
  });

  test('is refused even when the recipe pins the digest', async () => {
    const { locked } = await resolve({ key });
    const { error } = await resolve({ key: stranger }, { wanted: { sha512: locked!.sha512 } });
    expect(error).toMatchObject({ code: 'SOURCE_UNTRUSTED' });
  });

  test('is refused when it is a web page', async () => {
    const { error } = await resolve(
      { key },
      { change: (files) => files.set(`/${archivePath}.asc`, Buffer.from('<html>')) },
    );
    expect(error).toMatchObject({ code: 'SOURCE_UNTRUSTED' });
  });
});

describe('a release without a signature', () => {
  test('is refused before its archive is fetched', async () => {
    const { error, server, stored } = await resolve({});
    expect(error).toMatchObject({ code: 'SOURCE_UNTRUSTED' });
    expect(error?.hint).toContain('--allow unsigned-archive');
    expect(server.requests.map(({ url }) => url)).not.toContain(`/${archivePath}`);
    expect(stored).toEqual([]);
  });

  test('is taken when the recipe pins its digest, and the lock says so', async () => {
    const { locked: signed } = await resolve({ key });
    const { locked } = await resolve({}, { wanted: { sha512: signed!.sha512 } });
    expect(locked?.trust).toEqual({ by: 'recipe' });
  });

  test('is taken when that is allowed, and the lock says so', async () => {
    const { locked } = await resolve({}, { allow: ['unsigned-archive'] });
    expect(locked?.trust).toEqual({ by: 'unsigned-archive' });
  });

  test('is not taken for one whose signature cannot be fetched', async () => {
    const server = await serving((request, response) => {
      response.writeHead(request.url?.endsWith('.asc') ? 403 : 200);
      alpineMirror().then((files) => response.end(files.get(request.url ?? '')));
    });
    const folder = temporaryFolder();
    const store = await openStore(folder, quickLimits);
    const context = {
      store,
      offline: false,
      allow: ['unsigned-archive'],
      now: new Date(),
      mirror: server.url,
    };
    const request = { distro: 'alpine', release: '3.20' } as const;
    const resolving = resolveAlpine(request, platforms['linux/amd64'], context, recordingIo().io);
    await expect(resolving).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });
});

describe('an archive other than stated', () => {
  test("is refused when it has another sha256 than the index's", async () => {
    const served = await rootfsArchive({ entries: [file('evil')] });
    const { error, stored } = await resolve({ key, served });
    expect(error).toMatchObject({ code: 'SOURCE_CORRUPT' });
    expect(stored).toEqual([]);
  });

  test("is refused when it has another sha512 than the index's, with both and the URL", async () => {
    const sha512 = 'a'.repeat(128);
    const { error, server } = await resolve({ key, stated: { sha512 } });
    expect(error).toMatchObject({ code: 'SOURCE_CORRUPT', hint: expect.any(String) });
    expect(error?.message).toMatch(
      new RegExp(
        `^${server.url}/${archivePath}: .*\n  expected sha512 ${sha512}\n  received sha512 [0-9a-f]{128}$`,
      ),
    );
  });

  test("is refused when it has another sha512 than the recipe's, signed or not", async () => {
    const { error } = await resolve({ key }, { wanted: { sha512: 'b'.repeat(128) } });
    expect(error).toMatchObject({ code: 'SOURCE_CORRUPT' });
    expect(error?.message).toContain('not what the recipe expects');
  });
});

describe('a release that there is not', () => {
  test('is refused, with those of its branch', async () => {
    const { error } = await resolve({ key }, { wanted: { release: '3.20.9' } });
    expect(error).toMatchObject({ code: 'RELEASE_NOT_FOUND' });
    expect(error?.message).toMatch(/no Alpine release 3\.20\.9 .* It has 3\.20\.3\.$/);
  });

  test("is refused, with the mirror's newest branch", async () => {
    const { error } = await resolve(
      { key },
      {
        wanted: { release: '3.99' },
        change: (files) => {
          const index = 'releases/x86_64/latest-releases.yaml';
          files.set(`/latest-stable/${index}`, files.get(`/v3.20/${index}`)!);
        },
      },
    );
    expect(error).toMatchObject({ code: 'RELEASE_NOT_FOUND' });
    expect(error?.message).toMatch(/It has 3\.20\.$/);
  });

  test('is refused, with the branches of a mirror on disk, newest first', async () => {
    const folder = temporaryFolder();
    for (const branch of ['v3.9', 'v3.20', 'v3.19', 'edge']) {
      await mkdir(join(folder, branch, 'releases'), { recursive: true });
    }
    const store = await openStore(join(folder, 'cache'), quickLimits);
    const context = {
      store,
      offline: true,
      allow: [],
      now: new Date(),
      mirror: `file://${folder}`,
    };
    const request = { distro: 'alpine', release: '3.21' } as const;
    const resolving = resolveAlpine(request, platforms['linux/amd64'], context, recordingIo().io);
    await expect(resolving).rejects.toMatchObject({
      code: 'RELEASE_NOT_FOUND',
      message: expect.stringMatching(/It has 3\.20, 3\.19, 3\.9\.$/),
    });
  });
});

describe('a mirror', () => {
  test('without any index is told from a release that there is not', async () => {
    const { error } = await resolve({ key }, { change: (files) => files.clear() });
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', hint: expect.any(String) });
    expect(error?.message).toContain('v3.20/releases/x86_64/latest-releases.yaml is not there');
  });

  test('that answers with something else is refused', async () => {
    const { error } = await resolve(
      { key },
      {
        change: (files) =>
          files.set('/v3.20/releases/x86_64/latest-releases.yaml', Buffer.from('<!doctype html>')),
      },
    );
    expect(error).toMatchObject({ code: 'SOURCE_CORRUPT' });
    expect(error?.message).toContain("is no index of Alpine's releases");
  });

  test.each([
    ['a file that leaves the folder', { file: '../../evil.tar.gz' }],
    ['a digest that is none', { sha256: 'abc' }],
    ['a day that is none', { date: '2024-13-40' }],
    ['a branch that is a path', { branch: 'v3.20/../x' }],
  ])('that states %s is refused', async (_, stated) => {
    const { error } = await resolve({ key, stated });
    expect(error).toMatchObject({ code: 'SOURCE_CORRUPT' });
  });

  test("with another branch's release in a folder is not believed", async () => {
    const stated = { branch: 'v3.18', version: '3.18.1' };
    const { error } = await resolve({ key, stated });
    expect(error).toMatchObject({ code: 'RELEASE_NOT_FOUND' });
  });

  test('on disk serves as one on the network does, also offline', async () => {
    const folder = temporaryFolder();
    for (const [path, bytes] of await alpineMirror()) {
      await mkdir(dirname(join(folder, 'mirror', path)), { recursive: true });
      await writeFile(join(folder, 'mirror', path), bytes);
    }
    const store = await openStore(join(folder, 'cache'), quickLimits);
    const context = {
      store,
      offline: true,
      allow: ['unsigned-archive'],
      now: new Date(),
      mirror: undefined,
    };
    const request = { distro: 'alpine', release: '3.20', mirror: join(folder, 'mirror') } as const;
    const amd64 = platforms['linux/amd64'];
    const locked = await resolveAlpine(request, amd64, context, recordingIo().io);
    expect(locked.url).toBe(`file://${folder}/mirror/${archivePath}`);
  });

  test('on the network is not asked offline', async () => {
    const { error, server } = await resolve({ key }, { offline: true });
    expect(error).toMatchObject({ code: 'OFFLINE' });
    expect(server.requests).toEqual([]);
  });
});
