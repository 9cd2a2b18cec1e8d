import { MkbaseError } from '../../base/errors.ts';
import { hashedStream, hashesOfStream } from '../../base/hash.ts';
import type { Digests } from '../../evidence/inventory/hash-files.ts';
import { type ReadMember, readPaths } from '../../evidence/mtree/read-paths.ts';
import { layerEntries, mergedEntries } from '../../image/merge-layers.ts';
import type { FilePart } from '../../oci/archive-files.ts';
import { digestOfStream } from '../../oci/read-layout.ts';
import { layerDifference } from '../../rootfs/layers/difference.ts';
import type { Entry } from '../../tar/entry.ts';
import { shown } from '../../tar/names.ts';
import { writeTar } from '../../tar/write.ts';
import type { Mismatch } from '../report.ts';
import type { FoundImage, FoundLayer } from './found-image.ts';
import { compressionOf, readLayer } from './layer.ts';
import type { LayerFinder } from './layer-finder.ts';

/** The layers of an image, and the root filesystem that they make. */
export interface ReadLayers extends Pick<FoundImage, 'layer' | 'layers'> {
  readonly mismatches: readonly Mismatch[];
}

/** Reads the entries of layers that are not compressed, or returns what is wrong with one of them. */
async function readEntries(
  parts: readonly FilePart[],
  nameOf: (at: number) => string,
  signal: AbortSignal,
): Promise<Entry[][] | Mismatch> {
  const read: Entry[][] = [];
  for (const [at, part] of parts.entries()) {
    const file = nameOf(at);
    if ((await compressionOf(part, signal)) !== 'none') {
      const computed = 'layers as mkbase writes them, of which one lies on another';
      return { file, field: '', claimed: 'a compressed layer', computed };
    }
    try {
      read.push(await layerEntries(part, file, signal));
    } catch (error) {
      if (!(error instanceof MkbaseError) || error.code !== 'ARCHIVE_REFUSED') throw error;
      return { file, field: 'tar', claimed: error.message, computed: 'a canonical tar' };
    }
  }
  return read;
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
  read: readonly Entry[][],
  parts: readonly FilePart[],
  nameOf: (at: number) => string,
): Promise<Mismatch[]> {
  const mismatches: Mismatch[] = [];
  for (const [at, part] of parts.entries()) {
    const ignore = () => undefined;
    const below = mergedEntries(read.slice(0, at), ignore);
    const tree = mergedEntries(read.slice(0, at + 1), ignore);
    const computed = await digestOfStream(writeTar(await layerDifference(below, tree)));
    if (computed === part.sha256) continue;
    mismatches.push({ file: nameOf(at), field: 'the one form', claimed: part.sha256, computed });
  }
  return mismatches;
}

/** Reads layers of which one lies on another. Nothing is merged of those that are not whole. */
async function readSeveral(
  parts: readonly FilePart[],
  file: string,
  signal: AbortSignal,
): Promise<ReadLayers> {
  const layers = parts.map((part) => ({ part, diffId: part.sha256, size: part.size }));
  const nameOf = (at: number) => `${file}: layer ${at + 1}`;
  const read = await readEntries(parts, nameOf, signal);
  if (!Array.isArray(read)) return { mismatches: [read] };
  const mismatches: Mismatch[] = [];
  const entries = mergedEntries(read, (path, problem) => {
    const claimed = `${shown(path)} ${problem}`;
    mismatches.push({ file, field: 'layers', claimed, computed: 'one that lies on another' });
  });
  if (mismatches.length > 0) return { layers, mismatches };
  const forms = await checkForms(read, parts, nameOf);
  return { layers, layer: await readWhole(entries, `${file}: its layers`), mismatches: forms };
}

/**
 * Reads the layers of an image, the lowest first, to their ends. One alone may be compressed; several may not, and
 * each has to be in the one form that mkbase gives it. Errors: IO.
 */
export async function readLayers(
  parts: readonly FilePart[],
  file: string,
  finder: LayerFinder,
  signal: AbortSignal,
): Promise<ReadLayers> {
  const [part, ...more] = parts;
  if (part === undefined) return { mismatches: [] };
  if (more.length > 0) return readSeveral(parts, file, signal);
  const { layer, mismatches } = await readLayer(part, `${file}: layer`, signal, finder.at(part));
  if (layer === undefined) return { mismatches };
  const { diffId, size } = layer;
  return { layer, layers: [{ part, diffId, size }], mismatches };
}
