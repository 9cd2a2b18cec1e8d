import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { bytesOf } from '../oci/archive-files.ts';
import { decompress } from '../tar/decompress.ts';
import type { Entry } from '../tar/entry.ts';
import type { FoundImage, FoundLayer } from './image/found-image.ts';
import { compressionOf, layerEntries } from './image/layer.ts';

/** Makes an empty folder that is removed when the verification ends. */
export type Scratch = () => Promise<string>;

/** Equals readTar's own limit. */
const maxBytes = 16 * 1024 ** 3;

/** Unpacks a compressed layer into a file, and returns it as if it were stored so. */
async function unpacked(layer: FoundLayer, name: string, scratch: Scratch, signal: AbortSignal) {
  const file = join(await scratch(), 'rootfs.tar');
  const form = await compressionOf(layer.part, signal);
  const bytes = decompress(bytesOf(layer.part, signal), form, { maxBytes, what: name, signal });
  await pipeline(bytes, createWriteStream(file));
  return { ...layer, part: { file, offset: 0, size: layer.size, sha256: layer.diffId } };
}

/**
 * Returns the entries of an image's rootfs with their contents; undefined where the layer could not be read,
 * or is compressed and there is nowhere to unpack it. Errors: IO, NO_SPACE, INTERRUPTED.
 */
export async function entriesOf(
  { layer, file }: FoundImage,
  scratch: Scratch | undefined,
  signal: AbortSignal,
): Promise<Entry[] | undefined> {
  if (layer?.paths === undefined) return undefined;
  const stored = await layerEntries(layer, file, signal);
  if (stored !== undefined || scratch === undefined) return stored;
  return layerEntries(await unpacked(layer, file, scratch, signal), file, signal);
}
