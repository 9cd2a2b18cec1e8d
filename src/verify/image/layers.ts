import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MkbaseError } from '../../base/errors.ts';
import { hashedStream, hashesOfStream } from '../../base/hash.ts';
import type { Digests } from '../../evidence/inventory/hash-files.ts';
import { type ReadMember, readPaths } from '../../evidence/mtree/read-paths.ts';
import { layerEntries, mergedEntries } from '../../image/merge-layers.ts';
import { bytesOf, type FilePart, largestArchive } from '../../oci/archive-files.ts';
import { digestOfStream } from '../../oci/read-layout.ts';
import { layerDifference } from '../../rootfs/layers/difference.ts';
import { decompress } from '../../tar/decompress.ts';
import type { Entry } from '../../tar/entry.ts';
import { refuse } from '../../tar/format/refusal.ts';
import { shown } from '../../tar/names.ts';
import { writeTar } from '../../tar/write.ts';
import type { Mismatch } from '../report.ts';
import type { Scratch } from '../unpacked-layer.ts';
import type { FoundImage, FoundLayer, StoredLayer } from './found-image.ts';
import { compressionOf, readLayer } from './layer.ts';
import type { LayerFinder } from './layer-finder.ts';

/** Layers that were read already, and a place to unpack to. */
export interface ReadingOptions {
  readonly finder: LayerFinder;
  readonly scratch?: Scratch | undefined;
}

/** The layers of an image, and the root filesystem that they make. */
export interface ReadLayers extends Pick<FoundImage, 'layer' | 'layers'> {
  readonly mismatches: readonly Mismatch[];
}

/** A layer whose bytes are at hand, and what is in it. */
interface OpenLayer {
  readonly stored: StoredLayer;
  readonly entries: readonly Entry[];
}

/** Returns the uncompressed tar of a layer: itself, or unpacked into a folder that lasts as long as the verification. */
async function plainLayer(
  part: FilePart,
  name: string,
  scratch: Scratch | undefined,
  signal: AbortSignal,
): Promise<FilePart> {
  const form = await compressionOf(part, signal);
  if (form === 'none') return part;
  if (scratch === undefined) refuse({ source: name, offset: 0 }, 'is compressed');
  const file = join(await scratch(), 'layer.tar');
  const limits = { maxBytes: largestArchive, what: name, signal };
  const whole = hashedStream(decompress(bytesOf(part, signal), form, limits));
  await pipeline(whole.bytes, createWriteStream(file));
  return { file, offset: 0, size: whole.size(), sha256: `sha256:${whole.sha256()}` };
}

/** Opens layers to their ends, or returns what is wrong with one of them. */
async function openLayers(
  parts: readonly FilePart[],
  nameOf: (at: number) => string,
  scratch: Scratch | undefined,
  signal: AbortSignal,
): Promise<OpenLayer[] | Mismatch> {
  const opened: OpenLayer[] = [];
  for (const [at, part] of parts.entries()) {
    const file = nameOf(at);
    try {
      const plain = await plainLayer(part, file, scratch, signal);
      const entries = await layerEntries(plain, file, signal);
      opened.push({ stored: { part, diffId: plain.sha256, size: plain.size }, entries });
    } catch (error) {
      if (!(error instanceof MkbaseError) || error.code !== 'ARCHIVE_REFUSED') throw error;
      return { file, field: 'tar', claimed: error.message, computed: 'a canonical tar' };
    }
  }
  return opened;
}

/** Reads the one tar of a tree as it would be stored, its contents where the layers have them. */
async function readWhole(entries: readonly Entry[], name: string): Promise<FoundLayer> {
  const digests = new Map<string, Digests>();
  const read: ReadMember = async ({ entry, content }) => {
    if (entry.type !== 'file') return '';
    const hashes = await hashesOfStream(['sha256', 'sha1', 'md5'], content, entry.size);
    const [sha256 = '', sha1 = '', md5 = ''] = hashes;
    digests.set(entry.path, { sha256, sha1, md5 });
    return sha256;
  };
  const whole = hashedStream(writeTar(entries));
  const paths = await readPaths(whole.bytes, name, read);
  const contents = { entries, digests };
  return { diffId: `sha256:${whole.sha256()}`, size: whole.size(), paths, contents };
}

/** Checks that each layer is the only one that makes its tree of the tree below it. */
async function checkForms(
  opened: readonly OpenLayer[],
  nameOf: (at: number) => string,
): Promise<Mismatch[]> {
  const mismatches: Mismatch[] = [];
  const read = opened.map(({ entries }) => entries);
  for (const [at, { stored }] of opened.entries()) {
    const ignore = () => undefined;
    const below = mergedEntries(read.slice(0, at), ignore);
    const tree = mergedEntries(read.slice(0, at + 1), ignore);
    const computed = await digestOfStream(writeTar(await layerDifference(below, tree)));
    const { diffId: claimed } = stored;
    if (computed === claimed) continue;
    mismatches.push({ file: nameOf(at), field: 'the one form', claimed, computed });
  }
  return mismatches;
}

/** Reads layers of which one lies on another. Nothing is merged of those that are not whole. */
async function readSeveral(
  parts: readonly FilePart[],
  file: string,
  scratch: Scratch | undefined,
  signal: AbortSignal,
): Promise<ReadLayers> {
  const nameOf = (at: number) => `${file}: layer ${at + 1}`;
  const opened = await openLayers(parts, nameOf, scratch, signal);
  if (!Array.isArray(opened)) return { mismatches: [opened] };
  const layers = opened.map(({ stored }) => stored);
  const read = opened.map((each) => each.entries);
  const mismatches: Mismatch[] = [];
  const entries = mergedEntries(read, (path, problem) => {
    const claimed = `${shown(path)} ${problem}`;
    mismatches.push({ file, field: 'layers', claimed, computed: 'one that lies on another' });
  });
  if (mismatches.length > 0) return { layers, mismatches };
  const forms = await checkForms(opened, nameOf);
  return { layers, layer: await readWhole(entries, `${file}: its layers`), mismatches: forms };
}

/**
 * Reads the layers of an image, the lowest first, to their ends. Of several, each has to be in the one form that
 * mkbase gives it, and compressed ones are unpacked where there is a place for it. Errors: IO, NO_SPACE.
 */
export async function readLayers(
  parts: readonly FilePart[],
  file: string,
  { finder, scratch }: ReadingOptions,
  signal: AbortSignal,
): Promise<ReadLayers> {
  const [part, ...more] = parts;
  if (part === undefined) return { mismatches: [] };
  if (more.length > 0) return readSeveral(parts, file, scratch, signal);
  const { layer, mismatches } = await readLayer(part, `${file}: layer`, signal, finder.at(part));
  if (layer === undefined) return { mismatches };
  const { diffId, size } = layer;
  return { layer, layers: [{ part, diffId, size }], mismatches };
}
