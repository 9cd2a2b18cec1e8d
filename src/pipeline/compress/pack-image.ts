import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
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
import type { Image, PackedLayers } from '../../image/image.ts';
import { formWith, packedLayers } from '../../image/image-form.ts';
import { checkedBytes, checkTar } from '../../image/layer.ts';
import { loadCompressBuilder } from '../../kinds/kinds.ts';
import type { LockedCompressor } from '../../lock/schema.ts';
import { StartAgain } from '../../nodes/nodes.ts';
import type { FilePart } from '../../oci/archive-files.ts';
import type { OutputRequest } from '../../outputs/contract.ts';
import { outputOf } from '../../outputs/outputs.ts';
import { writeHashed } from '../../rootfs/write-hashed.ts';
import { attempts, nodesIn } from '../build-tree.ts';
import { builderFor } from '../builder.ts';
import { holdBuilder } from '../hold-builder.ts';
import { fetchBuilder } from '../inputs/fetch-inputs.ts';
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
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const fetch = () => fetchBuilder(builder, sources, io);
    const known =
      (await open.builders.known(builder)) ?? (await holdBuilder(builder, open, fetch, io));
    const nodes = nodesIn(open, known, now, sources);
    try {
      return await compressedPart(await nodes.make(work, io));
    } catch (error) {
      if (!(error instanceof StartAgain)) throw error;
    } finally {
      await nodes.ended();
    }
  }
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `The builder ${builder.toolchain.name} came out otherwise ${attempts} times.`,
    hint: 'Check memory and disk; --no-cache makes everything anew.',
  });
}

/** Returns the compressions that outputs ask for, each once. */
const asked = (outputs: readonly OutputRequest[]): PackedForm[] =>
  compressions.filter(
    (each): each is PackedForm =>
      each !== 'none' && outputs.some(({ compression }) => compression === each),
  );

/** Returns the image with its layers in the compressions that outputs asked for. */
function withForms(
  image: Image,
  packed: readonly PackedLayers[],
  outputs: readonly OutputRequest[],
): Image {
  const ofLayers = outputs.filter((each) => outputOf(each).layerForms !== undefined);
  const wanted = new Set<Compression>(asked(ofLayers));
  const forms = layerCompressions.flatMap((compression) => {
    const found = packed.find((each) => each.compression === compression);
    if (found === undefined || !wanted.has(compression)) return [];
    return [formWith(image, compression, found.layers)];
  });
  return { ...image, packed, forms };
}

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
  const wanted = asked(request.outputs);
  if (wanted.length === 0) return { image, ...before };
  const tars = packedLayers(image, 'none');
  const isLarge = wanted.some((each) => tars.some((tar) => !isInProcess(each, tar)));
  const inputs = isLarge ? await ensureCompressor(open, request, before, io) : undefined;
  const pack = (tar: FilePart, compression: PackedForm): Promise<FilePart> => {
    if (isInProcess(compression, tar)) return packHere(tar, compression, open, io);
    const locked = inputs?.compressor;
    if (locked === undefined) throw new Error('a large layer was given no compressor');
    return packInBuilder(tar, compression, { open, locked, now }, io);
  };
  const work = async () => {
    const packed: PackedLayers[] = [];
    for (const compression of wanted) {
      const layers: FilePart[] = [];
      for (const tar of tars) layers.push(await pack(tar, compression));
      packed.push({ compression, layers });
    }
    return packed;
  };
  const packed = await inStage(io, stageName.image, 'Compressing the layer', work, (all) =>
    all
      .map(({ compression, layers }) => {
        const size = layers.reduce((sum, each) => sum + each.size, 0);
        return `${compression} ${formatBytes(size)}`;
      })
      .join(', '),
  );
  const { pinned, believed } = inputs ?? before;
  return { image: withForms(image, packed, request.outputs), pinned, believed };
}
