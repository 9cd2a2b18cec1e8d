import { join } from 'node:path';
import { type Io, stageName } from '../../base/events.ts';
import { formatBytes } from '../../base/format.ts';
import { turns } from '../../base/turns.ts';
import { compress, type InProcess } from '../../image/compress/compress.ts';
import { compressedPart, compressWork } from '../../image/compress/compress-step.ts';
import {
  type Compression,
  compressions,
  layerCompressions,
  type PackedForm,
} from '../../image/compress/compressions.ts';
import type { Image, PackedTar } from '../../image/image.ts';
import { formWith, packedTar, tarPart } from '../../image/image-form.ts';
import { checkedBytes, checkTar } from '../../image/layer.ts';
import { loadCompressBuilder } from '../../kinds/kinds.ts';
import type { LockedCompressor } from '../../lock/schema.ts';
import type { FilePart } from '../../oci/archive-files.ts';
import type { OutputRequest } from '../../outputs/contract.ts';
import { outputOf } from '../../outputs/outputs.ts';
import { writeHashed } from '../../rootfs/write-hashed.ts';
import { builderFor } from '../builder.ts';
import { holdBuilder } from '../hold-builder.ts';
import { fetchBuilder } from '../inputs/fetch-inputs.ts';
import { nodesIn, settled } from '../make-parts.ts';
import type { OpenBuild } from '../open-build.ts';
import type { BuildRequest } from '../request.ts';
import { inStage } from '../stages.ts';
import { ensureCompressor, type WithCompressor } from './pin-compressor.ts';

/** Bytes of a tar up to which it is compressed in this process, which takes four seconds at most. */
export const largestInProcess = 20 * 1024 ** 2;

/** Tells whether a tar is compressed in this process; xz never is, as nothing that is small asks for it. */
const isInProcess = (compression: PackedForm, { size }: FilePart): compression is InProcess =>
  compression !== 'xz' && size <= largestInProcess;

/** The compressors in this process take one stream at a time, and builds go on side by side. */
const inTurn = turns();

/** Compresses a tar in this process, and unpacks it again to compare. Errors: IMAGE_MISMATCH, IO, NO_SPACE. */
async function packHere(
  tar: FilePart,
  compression: InProcess,
  { folder }: OpenBuild,
  { signal }: Io,
): Promise<FilePart> {
  const file = join(folder, `${tar.sha256.replace('sha256:', '')}.${compression}`);
  const bytes = compress(checkedBytes(tar), compression);
  const { sha256: hex, size } = await inTurn(compression, () => writeHashed(bytes, file, () => {}));
  const part = { file, offset: 0, size, sha256: `sha256:${hex}` };
  await checkTar({ ...part, compression, diffId: tar.sha256 }, signal);
  return part;
}

/** Compresses a tar by a step in the builder that the lock pins, or finds that this was done. */
async function packInBuilder(
  tar: FilePart,
  compression: PackedForm,
  { open, locked, now }: { open: OpenBuild; locked: LockedCompressor; now: Date },
  io: Io,
): Promise<FilePart> {
  const builder = await builderFor(await loadCompressBuilder(), locked, locked.platform);
  const { compressor: sources } = open.sources;
  const work = compressWork(tar, compression, io.signal);
  return settled(`The builder ${builder.toolchain.name}`, async () => {
    const fetch = () => fetchBuilder(builder, sources, io);
    const known =
      (await open.builders.known(builder)) ?? (await holdBuilder(builder, open, fetch, io));
    const nodes = nodesIn(open, known, now, sources);
    try {
      return await compressedPart(await nodes.make(work, io));
    } finally {
      await nodes.ended();
    }
  });
}

/** A tar of an image, and a compression that it is wanted in. */
interface Wanted {
  readonly tar: FilePart;
  readonly compression: PackedForm;
}

const isWanted = (compression: Compression, outputs: readonly OutputRequest[]): boolean =>
  outputs.some((each) => each.compression === compression);

/** Splits outputs in those that hold layers and those that hold the rootfs, whatever layers it is packaged in. */
const byContents = (outputs: readonly OutputRequest[]) => ({
  ofLayers: outputs.filter((each) => outputOf(each).layerForms !== undefined),
  ofRootfs: outputs.filter((each) => outputOf(each).layerForms === undefined),
});

/** Returns the tars that outputs ask for, each once in each compression. */
function wantedTars({ layers, rootfs }: Image, outputs: readonly OutputRequest[]): Wanted[] {
  const { ofLayers, ofRootfs } = byContents(outputs);
  return compressions.flatMap((compression) => {
    if (compression === 'none') return [];
    const tars = [
      ...(isWanted(compression, ofLayers) ? layers : []),
      ...(isWanted(compression, ofRootfs) ? [rootfs] : []),
    ].map(tarPart);
    const each = new Map(tars.map((tar) => [tar.sha256, tar]));
    return [...each.values()].map((tar) => ({ tar, compression }));
  });
}

/** Returns the image with its tars in the compressions that outputs asked for. */
function withForms(
  image: Image,
  packed: readonly PackedTar[],
  outputs: readonly OutputRequest[],
): Image {
  const { ofLayers } = byContents(outputs);
  const forms = layerCompressions
    .filter((compression) => compression !== 'none' && isWanted(compression, ofLayers))
    .map((compression) => {
      const layers = image.layers.map((layer) => packedTar({ packed }, layer, compression));
      return formWith(image, compression, layers);
    });
  return { ...image, packed, forms };
}

/** Says how long the compressed tars are, together for each compression. */
const sizesOf = (packed: readonly PackedTar[]): string =>
  compressions
    .map((compression) => packed.filter((each) => each.compression === compression))
    .filter(({ length }) => length > 0)
    .map((own) => {
      const size = own.reduce((sum, { part }) => sum + part.size, 0);
      return `${own[0]?.compression} ${formatBytes(size)}`;
    })
    .join(', ');

/** An image with all its compressed forms, and the inputs that it was made from. */
export interface Packed extends Omit<WithCompressor, 'compressor'> {
  readonly image: Image;
}

/**
 * Compresses the layers of an image as its outputs ask for: small ones in this process, and large ones in a builder,
 * which the lock pins from then on. Errors: those of ensureCompressor and of steps; IMAGE_MISMATCH, IO, NO_SPACE.
 */
export async function packImage(
  { open, request, now }: { open: OpenBuild; request: BuildRequest; now: Date },
  { image, ...before }: Packed,
  io: Io,
): Promise<Packed> {
  const wanted = wantedTars(image, request.outputs);
  if (wanted.length === 0) return { image, ...before };
  const isLarge = wanted.some(({ compression, tar }) => !isInProcess(compression, tar));
  const inputs = isLarge ? await ensureCompressor(open, request, before, io) : undefined;
  const pack = ({ tar, compression }: Wanted): Promise<FilePart> => {
    if (isInProcess(compression, tar)) return packHere(tar, compression, open, io);
    const locked = inputs?.compressor;
    if (locked === undefined) throw new Error('a large layer was given no compressor');
    return packInBuilder(tar, compression, { open, locked, now }, io);
  };
  const work = async () => {
    const packed: PackedTar[] = [];
    for (const { tar, compression } of wanted) {
      packed.push({ compression, diffId: tar.sha256, part: await pack({ tar, compression }) });
    }
    return packed;
  };
  const title = wanted.length === 1 ? 'Compressing the layer' : 'Compressing the layers';
  const packed = await inStage(io, stageName.image, title, work, sizesOf);
  const { pinned, believed } = inputs ?? before;
  return { image: withForms(image, packed, request.outputs), pinned, believed };
}
