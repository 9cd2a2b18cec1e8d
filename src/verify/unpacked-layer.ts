import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ByteString } from '../base/byte-string.ts';
import type { Digests } from '../evidence/inventory/hash-files.ts';
import { bytesOf } from '../oci/archive-files.ts';
import { decompress } from '../tar/decompress.ts';
import type { Entry } from '../tar/entry.ts';
import { readTar } from '../tar/read.ts';
import type { FoundImage, FoundLayer } from './image/found-image.ts';
import { compressionOf } from './image/layer.ts';

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

/** A rootfs with its contents as ranges of a file, and the digests of its files by path. */
export interface Contents {
  readonly entries: readonly Entry[];
  readonly digests: ReadonlyMap<ByteString, Digests>;
}

/** Reads a layer that is stored as it is; each byte is read once, for all digests that are still missing. */
async function contentsOf(
  { part, paths = [] }: FoundLayer,
  name: string,
  signal: AbortSignal,
): Promise<Contents> {
  const known = new Map(paths.map(({ path, sha256 }) => [path, sha256]));
  const entries: Entry[] = [];
  const digests = new Map<ByteString, Digests>();
  const members = readTar(bytesOf(part, signal), { source: name });
  for await (const { entry, contentOffset, content } of members) {
    const { path } = entry;
    if (entry.type !== 'file') {
      entries.push(entry);
      continue;
    }
    const [sha1, md5] = [createHash('sha1'), createHash('md5')];
    for await (const chunk of content) {
      sha1.update(chunk);
      md5.update(chunk);
    }
    const both = { sha1: sha1.digest('hex'), md5: md5.digest('hex') };
    digests.set(path, { ...both, sha256: known.get(path) ?? '' });
    const range = { file: part.file, offset: part.offset + contentOffset, size: entry.size };
    entries.push({ ...entry, content: range });
  }
  return { entries, digests };
}

/**
 * Returns an image's rootfs with its contents; undefined where the layer could not be read, or is compressed
 * and there is nowhere to unpack it. Errors: IO, NO_SPACE, INTERRUPTED.
 */
export async function rootfsContents(
  { layer, file }: FoundImage,
  scratch: Scratch | undefined,
  signal: AbortSignal,
): Promise<Contents | undefined> {
  if (layer?.paths === undefined) return undefined;
  if (layer.part.size === layer.size) return contentsOf(layer, file, signal);
  if (scratch === undefined) return undefined;
  return contentsOf(await unpacked(layer, file, scratch, signal), file, signal);
}
