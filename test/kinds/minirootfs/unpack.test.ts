import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LockedRootfs } from '../../../src/kinds/minirootfs/locked-rootfs.ts';
import { unpackMinirootfs } from '../../../src/kinds/minirootfs/unpack.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { rootfsArchive } from '../../support/alpine-mirror.ts';
import { compressed } from '../../support/deb.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { recordingIo, sha256Of } from '../../support/store.ts';
import { directory, file, symlink, tarOf } from '../../support/tar.ts';

async function* once(bytes: Uint8Array) {
  yield bytes;
}

const release = {
  distro: 'alpine',
  version: '3.20.3',
  arch: 'x86_64',
  date: 0,
  path: 'x',
} as const;

/** Unpacks an archive that a lock pins. */
async function unpack(archive: Uint8Array, more: Partial<LockedRootfs> = {}) {
  const folder = temporaryFolder();
  const store = await openStore(join(folder, 'cache'));
  const { sha256, size } = await store.write(once(archive), sha256Of(archive));
  const workFolder = join(folder, 'work');
  await mkdir(workFolder);
  const sha512 = createHash('sha512').update(archive).digest('hex');
  const pinned = { url: 'http://x/rootfs.tar.gz', name: 'rootfs.tar.gz', size, sha256, sha512 };
  const locked = { ...pinned, release, trust: { by: 'recipe' } as const, ...more };
  const { io, events } = recordingIo();
  return { entries: await unpackMinirootfs(locked, { store, workFolder }, io), events };
}

const pathsOf = (entries: readonly Entry[]) => entries.map(({ path }) => path);
const identity = ['etc', 'etc/alpine-release', 'etc/apk', 'etc/apk/arch'];

describe('unpackMinirootfs', () => {
  test('gives the entries as they stand in the archive', async () => {
    const bin = file('bin/su', 'x', { mode: 0o4111, mtime: 5 });
    const entries = [directory('bin'), bin, symlink('bin/sh', '/bin/busybox')];
    const unpacked = await unpack(await rootfsArchive({ entries }));
    expect(pathsOf(unpacked.entries)).toEqual([...identity, 'bin', 'bin/su', 'bin/sh']);
    expect(unpacked.entries.find(({ path }) => path === 'bin/su')).toMatchObject({
      mode: 0o4111,
      mtime: 5,
    });
    expect(unpacked.events).toEqual([]);
  });

  test('drops the root that GNU tar writes for "."', async () => {
    const folder = temporaryFolder();
    const script =
      'mkdir -p etc/apk && echo 3.20.3 >etc/alpine-release && echo x86_64 >etc/apk/arch && tar -cz .';
    const archive = execFileSync('sh', ['-c', script], { cwd: folder });
    expect(pathsOf((await unpack(archive)).entries).sort()).toEqual(identity);
  });

  test.each(['xz', 'zst', 'none'] as const)('reads an archive in the form %s', async (form) => {
    const archive = compressed(await tarOf([file('a')]), form);
    const name = form === 'none' ? 'rootfs.tar' : `rootfs.tar.${form}`;
    const more: Partial<LockedRootfs> = { name, release: undefined as never };
    expect(pathsOf((await unpack(archive, more)).entries)).toEqual(['a']);
  });

  test('warns each time when nothing but the mirror vouches for the archive', async () => {
    const trust = { by: 'unsigned-archive' } as const;
    const { events } = await unpack(await rootfsArchive(), { trust });
    expect(events).toEqual([
      expect.objectContaining({
        type: 'warning',
        warning: expect.objectContaining({ code: 'unsigned-archive' }),
      }),
    ]);
  });

  test.each([
    ['another release', { version: '3.10.0' }],
    ['another architecture', { arch: 'aarch64' }],
  ])('refuses the archive of %s, whoever signed it', async (_, other) => {
    await expect(unpack(await rootfsArchive(other))).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining(Object.values(other)[0] ?? ''),
    });
  });

  test('refuses an archive that does not say which release it is', async () => {
    const archive = compressed(await tarOf([file('a')]), 'gz');
    await expect(unpack(archive)).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
  });

  test('refuses names that leave the folder', async () => {
    const folder = temporaryFolder();
    const script = 'mkdir -p a && echo x >evil && tar -czPC a ../evil';
    const archive = execFileSync('sh', ['-c', script], { cwd: folder });
    await expect(unpack(archive)).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining('..'),
    });
  });

  test('refuses an archive that is cut short', async () => {
    const archive = await rootfsArchive({ entries: [file('a', 'x'.repeat(100_000))] });
    const cut = archive.subarray(0, archive.length - 20);
    await expect(unpack(cut)).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
  });
});
