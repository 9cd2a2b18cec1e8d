import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { platforms } from '../../../src/base/platform.ts';
import { staticProgram } from '../../../src/kinds/static/schema.ts';
import { sourceArchive } from '../../../src/kinds/static/source-archive.ts';
import { openStore } from '../../../src/store/store.ts';
import { compressed, tar } from '../../support/deb.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { sha256Of } from '../../support/store.ts';
import { file, tarOf } from '../../support/tar.ts';
import { zipOf } from '../../support/zip.ts';

const plain = tar({ 'demo-1.0/main.c': randomBytes(1000).toString('hex') });

/** Reads the archive that a recipe names, out of a folder that holds these bytes under that name. */
async function sent(file: string, bytes: Uint8Array, sha256?: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, file), bytes);
  const archive = { file, ...(sha256 !== undefined && { sha256 }) };
  const source = staticProgram.parse({ toolchain: 't', archive, programs: { a: '/a' } });
  const platform = platforms['linux/amd64'];
  const pinned = { name: 'demo', source, packages: [], folder, platform, locked: {}, epoch: 0 };
  const store = await openStore(join(folder, 'cache'));
  const found = await sourceArchive(pinned, store, folder, new AbortController().signal);
  const chunks: Uint8Array[] = [];
  for await (const chunk of found?.bytes ?? []) chunks.push(chunk);
  return { name: found?.name, bytes: Buffer.concat(chunks) };
}

test.each(['gz', 'xz', 'bz2', 'none'] as const)(
  'an archive of form %s is sent as it is',
  async (form) => {
    const name = form === 'none' ? 'demo-1.0.tar' : `demo-1.0.tar.${form}`;
    const bytes = compressed(plain, form);
    expect(await sent(name, bytes, sha256Of(bytes))).toEqual({ name, bytes });
  },
);

test.each(['demo-1.0.tar.zst', 'demo-1.0.tzst'])(
  '%s is unpacked first: no builder has zstd',
  async (name) => {
    const found = await sent(name, compressed(plain, 'zst'));
    expect(found).toEqual({ name: 'demo-1.0.tar', bytes: plain });
  },
);

test('a zip archive is read and sent as a tar archive', async () => {
  const bytes = zipOf([
    { name: 'demo-1.0/' },
    { name: 'demo-1.0/configure', content: 'echo', mode: 0o100755 },
  ]);
  const found = await sent('demo-1.0.zip', bytes, sha256Of(bytes));
  const plain = { uid: 0, gid: 0, mode: 0o755, mtime: 0, xattrs: [] };
  const entries = [
    { ...plain, type: 'directory', path: 'demo-1.0' } as const,
    file('demo-1.0/configure', 'echo', plain),
  ];
  expect(found).toEqual({ name: 'demo-1.0.tar', bytes: await tarOf(entries) });
  const cut = sent('demo-1.0.zip', bytes.subarray(0, -1));
  await expect(cut).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
});

test('one of another digest than the recipe states is refused, and one that is cut', async () => {
  const bytes = compressed(plain, 'gz');
  const other = sent('demo-1.0.tar.gz', bytes, sha256Of(plain));
  await expect(other).rejects.toMatchObject({ code: 'SOURCE_CORRUPT', hint: expect.any(String) });
  const cut = sent('demo-1.0.tar.zst', compressed(plain, 'zst').subarray(0, 300));
  await expect(cut).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
});

test.each([
  { file: 'demo.7z' },
  { file: 'demo.jar' },
  { file: 'demo.zip.tar.lz' },
  { file: 'demo.tar.lz' },
  { file: 'demo.ZIP' },
  { file: '../demo.tar.gz' },
  { file: 'a/-demo.tar.gz' },
  { file: 'a b.tar.gz' },
  { url: 'https://example.org/demo-1.0.rar', sha256: '0'.repeat(64) },
  { url: 'https://example.org/demo-1.0.tar.lz?x=.tar.gz', sha256: '0'.repeat(64) },
  { url: 'https://example.org/demo.7z', sha256: '0'.repeat(64) },
])('%j is refused before anything is fetched', (archive) => {
  const fields = { toolchain: 't', archive, programs: { a: '/a' } };
  expect(staticProgram.safeParse(fields).success).toBe(false);
});

test.each([
  { url: 'https://example.org/refs/tags/v1.0', sha256: '0'.repeat(64) },
  { url: 'https://example.org/demo-1.0.tar.bz2', sha256: '0'.repeat(64) },
  { file: 'vendor/demo-1.0.tbz2' },
  { file: 'vendor/demo-1.0.zip' },
  { url: 'https://example.org/demo-1.0.zip', sha256: '0'.repeat(64) },
  { url: 'file:///srv/demo-1.0.zip', sha256: '0'.repeat(64) },
])('%j is taken', (archive) => {
  const fields = { toolchain: 't', archive, programs: { a: '/a' } };
  expect(staticProgram.safeParse(fields).success).toBe(true);
});
