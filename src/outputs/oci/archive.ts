import { open, stat, truncate } from 'node:fs/promises';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Image } from '../../image/image.ts';
import { readImage } from '../../image/read-image.ts';
import type { Reference } from '../../image/reference.ts';
import { blobPath } from '../../oci/blob.ts';
import { writeNewFile } from '../../store/write-whole-file.ts';
import type { Entry } from '../../tar/entry.ts';
import { writeTar } from '../../tar/write.ts';
import { blobFiles, dockerManifest, type LayoutFiles, layoutFiles } from './layout.ts';

const header = (image: Image, path: string, mode: number) => ({
  path,
  mode,
  uid: 0,
  gid: 0,
  mtime: image.created,
  xattrs: [],
});

const folder = (image: Image, path: string): Entry => ({
  ...header(image, path, 0o755),
  type: 'directory',
});

function layer(image: Image): Entry {
  const { diffId, size, tar } = image.rootfs;
  const content = { file: tar, offset: 0, size };
  return { ...header(image, blobPath(diffId), 0o644), type: 'file', size, content };
}

const files = (image: Image, contents: LayoutFiles): Entry[] =>
  [...contents].map(([path, bytes]) => ({
    ...header(image, path, 0o644),
    type: 'file',
    size: bytes.length,
    content: { bytes },
  }));

const byPath = (a: Entry, b: Entry) => (a.path < b.path ? -1 : 1);

/** Returns the entries that carry names; their paths sort after all blobs, so they come last. */
const nameEntries = (image: Image, references: readonly Reference[]): Entry[] =>
  files(
    image,
    new Map([...layoutFiles(image, references), ...dockerManifest(image, references)]),
  ).sort(byPath);

/**
 * Returns the entries of a tar that is an OCI layout and a Docker archive at once. They are a
 * function of the arguments alone.
 */
function archiveEntries(image: Image, references: readonly Reference[]): Entry[] {
  const folders = ['blobs', 'blobs/sha256'].map((path) => folder(image, path));
  const blobs = [layer(image), ...files(image, blobFiles(image))];
  return [...folders, ...blobs.sort(byPath), ...nameEntries(image, references)];
}

/** Writes an archive, then reads it back from the disk and checks every digest (IMAGE_MISMATCH). */
export async function writeArchive(
  path: string,
  image: Image,
  references: readonly Reference[],
  io: Io,
): Promise<void> {
  await writeNewFile(path, writeTar(archiveEntries(image, references)), io.signal);
  const { manifestDigest } = await readImage(path, io);
  if (manifestDigest === image.manifest.digest) return;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `The archive holds the manifest ${manifestDigest}; expected ${image.manifest.digest}.`,
  });
}

async function bytesOf(entries: readonly Entry[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeTar(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Gives other names to the image in an archive that `writeArchive` made, without writing the layer
 * again: only the entries after the last blob differ, up to and with the end-of-archive marker.
 */
export async function renameInArchive(
  path: string,
  image: Image,
  names: { readonly from: readonly Reference[]; readonly to: readonly Reference[] },
): Promise<void> {
  const before = await bytesOf(nameEntries(image, names.from));
  const after = await bytesOf(nameEntries(image, names.to));
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
