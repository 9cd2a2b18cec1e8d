import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MkbaseError } from '../../../src/base/errors.ts';
import { fetchApks } from '../../../src/packages/apk/fetch-apks.ts';
import { listedApk } from '../../../src/packages/apk/listed-apk.ts';
import { openStore } from '../../../src/store/store.ts';
import { type BuiltApk, buildApk, newApkKey, type TestApk } from '../../support/apk.ts';
import { indexIn } from '../../support/apk-index.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { quickLimits, recordingIo, serving, sha256Of } from '../../support/store.ts';
import { directory, file } from '../../support/tar.ts';

const key = newApkKey();

const hello: TestApk = {
  name: 'hello',
  origin: 'greetings',
  license: 'MIT AND Zlib',
  entries: [directory('usr'), file('usr/hello', 'hello\n'.repeat(100_000))],
  scripts: { 'post-install': '#!/bin/sh\n' },
};

const listed = (built: BuiltApk, name = 'hello') => {
  const index = indexIn(built.stanza);
  return listedApk(index.find(name)[0]!, index);
};

/** Fetches what is listed as `built` from a mirror that serves `served` in its place. */
async function fetching(built: BuiltApk, served: Uint8Array = built.bytes) {
  const files = new Map([[`/v3.20/main/x86_64/${built.filename}`, served]]);
  const server = await serving(files);
  const store = await openStore(join(temporaryFolder(), 'cache'), quickLimits);
  const fetch = (offline = false) => {
    const context = { store, offline, allow: [], now: new Date(), mirror: server.url };
    return fetchApks([listed(built)], server.url, context, recordingIo().io);
  };
  return {
    server,
    files,
    fetch,
    refused: () =>
      fetch().then(
        () => undefined,
        (error: MkbaseError) => error,
      ),
  };
}

const sameSize = (bytes: Uint8Array, size: number): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(size)]).subarray(0, size);

describe('a package', () => {
  test('is pinned by the hash of its file, with its source and its licence', async () => {
    const built = await buildApk(hello, key);
    const { fetch } = await fetching(built);
    expect(await fetch()).toEqual([
      {
        name: 'hello',
        version: '1.0-r0',
        arch: 'x86_64',
        origin: 'greetings',
        license: 'MIT AND Zlib',
        repository: 'v3.20/main',
        filename: 'v3.20/main/x86_64/hello-1.0-r0.apk',
        size: built.bytes.length,
        checksum: expect.stringMatching(/^Q1[A-Za-z0-9+/]{27}=$/),
        sha256: sha256Of(built.bytes),
      },
    ]);
  });

  test('need not be signed itself: its index is', async () => {
    const { fetch } = await fetching(await buildApk(hello));
    expect(await fetch()).toHaveLength(1);
  });

  test('is fetched once, and offline is there', async () => {
    const { fetch, server } = await fetching(await buildApk(hello, key));
    const first = await fetch();
    expect(await fetch(true)).toEqual(first);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['another licence', { license: 'GPL-2.0-only' }],
    ['another version', { version: '0.9-r0' }],
    ['another script', { scripts: { 'post-install': '#!/bin/sh\nfalse\n' } }],
  ])('is refused with %s in its control part', async (_, change) => {
    const built = await buildApk(hello, key);
    const { bytes } = await buildApk({ ...hello, ...change }, key);
    const { refused } = await fetching(built, sameSize(bytes, built.bytes.length));
    expect(await refused()).toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringMatching(/expected checksum Q1\S+\n {2}found {4}checksum Q1/),
    });
  });

  test('is refused with any byte of its data changed', async () => {
    const built = await buildApk(hello, key);
    for (const fromEnd of [1, 20, 200]) {
      const changed = Buffer.from(built.bytes);
      changed[changed.length - fromEnd]! ^= 1;
      const { refused } = await fetching(built, changed);
      expect(await refused()).toMatchObject({
        code: 'SOURCE_CORRUPT',
        message: expect.stringMatching(
          /expected sha256 of its data \w{64}\n {2}found {4}sha256 of its data/,
        ),
      });
    }
  });

  test('is refused when its own control part says otherwise than the index', async () => {
    const built = await buildApk({ ...hello, stated: { pkgname: 'goodbye' } }, key);
    const { refused } = await fetching(built);
    expect(await refused()).toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('expected pkgname hello\n  found    pkgname goodbye'),
    });
  });

  test('is refused without the hash of its data', async () => {
    const built = await buildApk({ ...hello, stated: { datahash: '' } }, key);
    const { refused } = await fetching(built);
    expect((await refused())?.code).toBe('SOURCE_CORRUPT');
  });

  test('is refused cut, longer, and in place of a web page', async () => {
    const built = await buildApk(hello, key);
    for (const served of [
      built.bytes.subarray(0, -1),
      Buffer.concat([built.bytes, Buffer.of(0)]),
      Buffer.from('<!doctype html>'),
    ]) {
      const { refused } = await fetching(built, served);
      expect((await refused())?.code).toBe('SOURCE_CORRUPT');
    }
    const { refused } = await fetching(built, sameSize(Buffer.from('<html>'), built.bytes.length));
    expect((await refused())?.code).toBe('ARCHIVE_REFUSED');
  });
});

describe('a listing', () => {
  test.each([
    ['P:../../etc', 'P'],
    ['V:1/2', 'V'],
    ['S:-1', 'S'],
    ['C:Q2abc', 'C'],
    ['t:tomorrow', 't'],
  ])('is refused with %s', async (line, letter) => {
    const built = await buildApk(hello, key);
    const stanza = built.stanza.replace(new RegExp(`^${letter}:.*$`, 'm'), line);
    const name = line.startsWith('P:') ? line.slice(2) : 'hello';
    expect(() => listed({ ...built, stanza }, name)).toThrow(
      expect.objectContaining({
        code: 'SOURCE_CORRUPT',
        message: expect.stringContaining(`has ${letter}: "`),
      }),
    );
  });
});
