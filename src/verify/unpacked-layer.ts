import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Contents, contentsReader } from '../evidence/inventory/contents.ts';
import { bytesOf, type FilePart, passingBytesOf } from '../oci/archive-files.ts';
import { decompress } from '../tar/decompress.ts';
import { readTar } from '../tar/read.ts';
import type { FoundImage, FoundLayer } from './image/found-image.ts';
import { compressionOf } from './image/layer.ts';

/** Makes an empty folder that is removed when the verification ends. */
export type Scratch = () => Promise<string>;

/** Equals readTar's own limit. */
const maxBytes = 16 * 1024 ** 3;

/** Unpacks a compressed layer into a file, and returns its place. */
async function unpack(
  part: FilePart,
  { size }: FoundLayer,
  name: string,
  scratch: Scratch,
  signal: AbortSignal,
) {
  const file = join(await scratch(), 'rootfs.tar');
  const form = await compressionOf(part, signal);
  const bytes = decompress(bytesOf(part, signal), form, { maxBytes, what: name, signal });
  await pipeline(bytes, createWriteStream(file));
  return { file, offset: 0, size };
}

/**
 * Returns an image's rootfs with its contents; undefined where the layer could not be read, or is compressed
 * and there is nowhere to unpack it. Errors: IO, NO_SPACE, INTERRUPTED.
 */
export async function rootfsContents(
  { layer, file: name }: FoundImage,
  scratch: Scratch | undefined,
  signal: AbortSignal,
): Promise<Contents | undefined> {
  if (layer?.paths === undefined) return undefined;
  if (layer.contents !== undefined) return layer.contents;
  if (scratch === undefined || layer.part === undefined) return undefined;
  const place = await unpack(layer.part, layer, name, scratch, signal);
  const { contents, read } = contentsReader(place);
  for await (const member of readTar(passingBytesOf(place, signal), { source: name })) {
    await read(member);
  }
  return contents;
}
