import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compressedPart, compressWork } from '../../../src/image/compress/compress-step.ts';
import { tarPart } from '../../../src/image/image-form.ts';
import { sha256 } from '../../../src/oci/blob.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { compressible } from '../../support/compressible.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { makeRootfs, plainFile } from '../../support/image.ts';

const { signal } = new AbortController();

async function sample() {
  const folder = temporaryFolder();
  const rootfs = await makeRootfs(folder, [plainFile('file', compressible(300_000))]);
  const sent = (bytes: Buffer): Entry[] => {
    const file = join(folder, 'sent');
    writeFileSync(file, bytes);
    const content = { file, offset: 0, size: bytes.length };
    return [{ ...plainFile('sent', bytes), type: 'file', size: bytes.length, content }];
  };
  return { tar: tarPart(rootfs), bytes: readFileSync(rootfs.tar), sent };
}

describe.each(['gzip', 'zstd', 'xz'] as const)('the work of compressing with %s', (form) => {
  test('takes what its program made, and tells its digest', async () => {
    const { tar, bytes, sent } = await sample();
    const packed = execFileSync(form, ['-c'], { input: bytes });
    const { entries, facts } = await compressWork(tar, form, signal).settle(sent(packed));
    const part = await compressedPart({
      facts,
      entries: async () => entries,
      digest: async () => '',
    });
    expect(part).toMatchObject({ size: packed.length, sha256: sha256(packed) });
  });

  test('refuses what unpacks to something else', async () => {
    const { tar, bytes, sent } = await sample();
    const packed = execFileSync(form, ['-c'], { input: bytes.subarray(512) });
    const settling = compressWork(tar, form, signal).settle(sent(packed));
    await expect(settling).rejects.toMatchObject({ code: 'IMAGE_MISMATCH' });
  });

  test('refuses what is no such stream', async () => {
    const { tar, bytes, sent } = await sample();
    const settling = compressWork(tar, form, signal).settle(sent(bytes));
    await expect(settling).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
  });

  test('is described by the tar and by a fixed number of threads', async () => {
    const { tar } = await sample();
    const { input, step, sends } = compressWork(tar, form, signal);
    expect(`sha256:${await input.digest()}`).toBe(tar.sha256);
    expect(step.argv.join(' ')).toMatch(/threads=4|--processes 4/);
    expect([sends, step.capabilities]).toEqual(['bytes', []]);
  });
});
