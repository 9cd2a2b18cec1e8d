import { rm } from 'node:fs/promises';
import { ioError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { type FilePart, passingBytesOf } from '../oci/archive-files.ts';
import { refuseImage } from '../oci/read-layout.ts';
import { applyLayer } from '../rootfs/layers/apply.ts';
import type { Refuse } from '../rootfs/refusals.ts';
import { writeNewFile } from '../store/write-whole-file.ts';
import type { Entry } from '../tar/entry.ts';
import { shown } from '../tar/names.ts';
import { readTar } from '../tar/read.ts';
import { writeTar } from '../tar/write.ts';
import { extractLayer } from './layer.ts';

/** Reads the entries of an uncompressed layer, contents as ranges of its file. Throws ARCHIVE_REFUSED, IO. */
export async function layerEntries(
  part: FilePart,
  source: string,
  signal: AbortSignal,
): Promise<Entry[]> {
  const { file, offset } = part;
  const entries: Entry[] = [];
  for await (const { entry, contentOffset } of readTar(passingBytesOf(part, signal), { source })) {
    if (entry.type !== 'file') entries.push(entry);
    else {
      const content = { file, offset: offset + contentOffset, size: entry.size };
      entries.push({ ...entry, content });
    }
  }
  return entries;
}

/** Returns the canonical entries of the root filesystem that layers make, the lowest first. */
export const mergedEntries = (
  layers: readonly (readonly Entry[])[],
  refuse: Refuse,
): readonly Entry[] =>
  layers.reduce<readonly Entry[]>((below, layer) => applyLayer(below, layer, refuse), []);

/**
 * Writes the root filesystem of an image, an uncompressed tar, to a new file; `source` names the image in messages.
 * IMAGE_MISMATCH, ARCHIVE_REFUSED, IO, NO_SPACE.
 */
export async function extractRootfs(
  layers: readonly FilePart[],
  source: string,
  dest: string,
  io: Io,
): Promise<void> {
  const [only, ...more] = layers;
  if (only !== undefined && more.length === 0) return extractLayer(only, dest, io);
  const read: Entry[][] = [];
  for (const part of layers) read.push(await layerEntries(part, source, io.signal));
  const refuse: Refuse = (path, problem) => refuseImage(source, `${shown(path)} ${problem}`);
  const entries = mergedEntries(read, refuse);
  try {
    await writeNewFile(dest, writeTar(entries), io.signal);
  } catch (error) {
    await rm(dest, { force: true });
    throw ioError(error, 'writing', dest);
  }
}
