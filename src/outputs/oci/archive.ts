import { open, stat, truncate } from 'node:fs/promises';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { readLayout } from '../../image/read-image.ts';
import type { Reference } from '../../image/reference.ts';
import { blobPath } from '../../oci/blob.ts';
import { writeNewFile } from '../../store/write-whole-file.ts';
import { contentSize } from '../../tar/content.ts';
import type { Content, Entry } from '../../tar/entry.ts';
import { writeTar } from '../../tar/write.ts';
import type { Layout, LayoutFiles } from './layout.ts';

const header = ({ created }: Layout, path: string, mode: number) => ({
  path,
  mode,
  uid: 0,
  gid: 0,
  mtime: created,
  xattrs: [],
});

const folder = (layout: Layout, path: string): Entry => ({
  ...header(layout, path, 0o755),
  type: 'directory',
});

const file = (layout: Layout, path: string, content: Content): Entry => ({
  ...header(layout, path, 0o644),
  type: 'file',
  size: contentSize(content),
  content,
});

const files = (layout: Layout, contents: LayoutFiles): Entry[] =>
  [...contents].map(([path, bytes]) => file(layout, path, { bytes }));

const byPath = (a: Entry, b: Entry) => (a.path < b.path ? -1 : 1);

/** Returns the entries that carry names; their paths sort after all blobs, so they come last. */
const nameEntries = (layout: Layout, references: readonly Reference[]): Entry[] =>
  files(layout, new Map([...layout.files(references), ...layout.dockerFiles(references)])).sort(
    byPath,
  );

/**
 * Returns the entries of a tar that is an OCI layout and, for one image, a Docker archive at once. They
 * are a function of the arguments alone.
 */
export function archiveEntries(layout: Layout, references: readonly Reference[]): Entry[] {
  const folders = ['blobs', 'blobs/sha256'].map((path) => folder(layout, path));
  const blobs = layout.blobs.map((blob) => file(layout, blobPath(blob.sha256), blob));
  return [...folders, ...blobs.sort(byPath), ...nameEntries(layout, references)];
}

/** Writes an archive, then reads it back from the disk and checks every digest (IMAGE_MISMATCH). */
export async function writeArchive(
  path: string,
  layout: Layout,
  references: readonly Reference[],
  io: Io,
): Promise<void> {
  await writeNewFile(path, writeTar(archiveEntries(layout, references)), io.signal);
  const { digest } = await readLayout(path, io);
  if (digest === layout.digest) return;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `The archive holds ${digest}; expected ${layout.digest}.`,
  });
}

async function bytesOf(entries: readonly Entry[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeTar(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Gives other names to what is in an archive that `writeArchive` made, without writing the blobs
 * again: only the entries after the last blob differ, up to and with the end-of-archive marker.
 */
export async function renameInArchive(
  path: string,
  layout: Layout,
  names: { readonly from: readonly Reference[]; readonly to: readonly Reference[] },
): Promise<void> {
  const before = await bytesOf(nameEntries(layout, names.from));
  const after = await bytesOf(nameEntries(layout, names.to));
  const start = (await stat(path)).size - before.length;
  await truncate(path, start);
  const handle = await open(path, 'a');
  try {
    await handle.writeFile(after);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
