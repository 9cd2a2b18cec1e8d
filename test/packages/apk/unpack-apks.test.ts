import { describe, expect, test } from 'vitest';
import { apkProgram } from '../../../src/packages/apk/apk-program.ts';
import type { LockedApk } from '../../../src/packages/apk/locked-apks.ts';
import { unpackApks } from '../../../src/packages/apk/unpack-apks.ts';
import { openStore } from '../../../src/store/store.ts';
import { readContent } from '../../../src/tar/content.ts';
import { buildApk, newApkKey, type TestApk } from '../../support/apk.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { recordingIo, sha256Of } from '../../support/store.ts';
import { directory, file, symlink } from '../../support/tar.ts';

const key = newApkKey();

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function unpack(packages: readonly TestApk[]) {
  const workFolder = temporaryFolder();
  const store = await openStore(temporaryFolder());
  const locked: LockedApk[] = [];
  for (const each of packages) {
    const { bytes, filename } = await buildApk(each, key);
    const sha256 = sha256Of(bytes);
    await store.write(once(bytes), sha256);
    locked.push({ name: each.name, filename, sha256 } as LockedApk);
  }
  return unpackApks(locked, { store, workFolder }, recordingIo().io);
}

const musl: TestApk = {
  name: 'musl',
  entries: [directory('lib'), file('lib/ld-musl-x86_64.so.1', 'loader', { mode: 0o755 })],
  scripts: { 'post-install': '#!/bin/sh\n' },
};
const tools: TestApk = {
  name: 'apk-tools',
  entries: [directory('lib'), symlink('lib/link', 'x'), directory('sbin'), file('sbin/apk', 'apk')],
};

describe('packages that are only unpacked', () => {
  test('make one tree of their files, without scripts and signatures', async () => {
    const tree = await unpack([musl, tools]);
    expect(tree.map(({ path }) => path)).toEqual([
      'lib',
      'lib/ld-musl-x86_64.so.1',
      'lib/link',
      'sbin',
      'sbin/apk',
    ]);
    const apk = tree.at(-1);
    expect(apk?.type === 'file' && (await readContent(apk.content)).toString()).toBe('apk');
  });

  test('are refused when two of them have one file', async () => {
    await expect(unpack([musl, { ...musl, name: 'other' }])).rejects.toMatchObject({
      code: 'PACKAGE_CONFLICT',
      message:
        '/lib/ld-musl-x86_64.so.1 is in two packages that apk itself needs; one is other-1.0-r0.apk.',
    });
  });

  test('are refused when they lead out of the tree', async () => {
    const outside = { ...musl, entries: [file('../x', 'x')] };
    await expect(unpack([outside])).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
  });
});

describe('the apk in such a tree', () => {
  test('is run by the loader beside it, before and after the merge of /usr', async () => {
    expect(apkProgram(await unpack([musl, tools]), '/build/tools')).toEqual([
      '/build/tools/lib/ld-musl-x86_64.so.1',
      '--library-path',
      '/build/tools/lib:/build/tools/usr/lib',
      '/build/tools/sbin/apk',
    ]);
    const merged = [file('usr/lib/ld-musl-aarch64.so.1'), file('usr/bin/apk')];
    expect(apkProgram(merged, '/t').at(-1)).toBe('/t/usr/bin/apk');
  });

  test('is missed with a clear error', () => {
    expect(() => apkProgram([file('lib/ld-musl-x86_64.so.1')], '/t')).toThrow(
      expect.objectContaining({
        code: 'SOURCE_CORRUPT',
        message: expect.stringContaining('no apk'),
      }),
    );
  });
});
