import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { openWorkspace } from '../../src/store/workspace.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  filesIn,
  patternBytes,
  quickLimits,
  recordingIo,
  serving,
  sha256Of,
} from '../support/store.ts';

const isRoot = process.getuid?.() === 0;
const needsRoot = '(needs root to mount a small disk)';
const bytes = patternBytes(400_000);
const sha256 = sha256Of(bytes);

/** A folder on a disk of 256 KiB, gone after the test. */
async function smallDisk(options = 'size=256k'): Promise<string> {
  const folder = join(temporaryFolder(), 'disk');
  await mkdir(folder);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]);
  expect(mounted.status, String(mounted.stderr)).toBe(0);
  onTestFinished(() => void spawnSync('umount', [folder]));
  return folder;
}

async function* chunked(content: Buffer) {
  for (let at = 0; at < content.length; at += 10_000) yield content.subarray(at, at + 10_000);
}

test.skipIf(!isRoot)(
  `a full disk while storing leaves nothing, and the next run succeeds ${needsRoot}`,
  async () => {
    const folder = await smallDisk();
    const store = await openStore(folder);
    await expect(store.write(chunked(bytes), sha256)).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringContaining(folder),
      hint: expect.stringContaining('XDG_CACHE_HOME'),
    });
    expect(await filesIn(folder)).toEqual([]);
    const smaller = bytes.subarray(0, 100_000);
    await store.write(chunked(smaller), sha256Of(smaller));
    expect(await filesIn(folder)).toHaveLength(1);
  },
);

test.skipIf(!isRoot)(
  `a full disk while downloading leaves nothing, and the next run succeeds ${needsRoot}`,
  async () => {
    const folder = await smallDisk();
    const server = await serving(new Map([['/f', bytes]]));
    const store = await openStore(folder, quickLimits);
    const { io } = recordingIo();
    const fetch = () =>
      store.fetch([{ urls: [`${server.url}/f`], sha256 }], { offline: false }, io);
    await expect(fetch()).rejects.toMatchObject({ code: 'NO_SPACE' });
    expect(server.requests).toHaveLength(1);
    expect(await filesIn(folder)).toEqual([]);
    spawnSync('mount', ['-o', 'remount,size=1m', folder]);
    expect(await fetch()).toEqual([{ sha256, size: bytes.length }]);
  },
);

test.skipIf(!isRoot)(`a disk without room for a folder is told as such ${needsRoot}`, async () => {
  const folder = await smallDisk('size=256k,nr_inodes=2');
  await mkdir(join(folder, 'work'));
  for (const open of [() => openStore(folder), () => openWorkspace(join(folder, 'work'))]) {
    await expect(open()).rejects.toMatchObject({ code: 'NO_SPACE' });
  }
});
