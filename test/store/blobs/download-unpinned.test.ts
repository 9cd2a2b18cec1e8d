import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import type { Faults } from '../../support/http-server.ts';
import {
  filesIn,
  patternBytes,
  quickLimits,
  recordingIo,
  serving,
  sha256Of,
} from '../../support/store.ts';

const bytes = patternBytes(50_000);
const options = { maxBytes: 100_000, offline: false };
const { io } = recordingIo();

async function setUp(faults: Faults = {}) {
  const server = await serving(new Map([['/rootfs.tar', bytes]]), faults);
  const folder = temporaryFolder();
  const store = await openStore(folder, quickLimits);
  return { server, folder, store, url: `${server.url}/rootfs.tar` };
}

test('a file whose hash is not known is stored under the one it has', async () => {
  const { store, url, folder } = await setUp();
  const blob = await store.fetchUnpinned(url, options, io);
  expect(blob).toEqual({ sha256: sha256Of(bytes), size: bytes.length });
  expect(await filesIn(folder)).toEqual([`blobs/sha256/${blob.sha256}`]);
});

test('a cut one is completed', async () => {
  const { store, url } = await setUp({ cutAfter: 1000, cuts: 1 });
  const blob = await store.fetchUnpinned(url, options, io);
  expect(blob.sha256).toBe(sha256Of(bytes));
});

test('one that is too large, or not there, leaves nothing', async () => {
  const { store, url, folder, server } = await setUp();
  const small = store.fetchUnpinned(url, { ...options, maxBytes: 10_000 }, io);
  await expect(small).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
  const gone = store.fetchUnpinned(`${server.url}/gone`, options, io);
  await expect(gone).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  expect(await filesIn(folder)).toEqual([]);
});

test('offline, a file URL is read and any other refused', async () => {
  const { store, url, folder } = await setUp();
  const offline = { ...options, offline: true };
  const refused = store.fetchUnpinned(url, offline, io);
  await expect(refused).rejects.toMatchObject({ code: 'OFFLINE' });
  const path = join(folder, 'rootfs.tar');
  await writeFile(path, bytes);
  const blob = await store.fetchUnpinned(pathToFileURL(path).href, offline, io);
  expect(blob.size).toBe(bytes.length);
});
