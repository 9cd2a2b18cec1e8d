import { join } from 'node:path';
import { type Io, stageName } from '../base/events.ts';
import { plural } from '../base/format.ts';
import { giveBackMemory } from '../base/memory.ts';
import { annotationsOf } from '../image/annotations.ts';
import { composeImage, draftImage } from '../image/compose-image.ts';
import type { Image } from '../image/image.ts';
import { inputsDigest } from '../lock/inputs.ts';
import type { Lock } from '../lock/schema.ts';
import type { ArrivingImage } from '../outputs/contract.ts';
import { growingFile } from '../rootfs/growing-file.ts';
import { leftOutWarnings } from '../rootfs/left-out.ts';
import { assembleRootfs, canonicalEntries, type Rootfs } from '../rootfs/rootfs.ts';
import type { Entry } from '../tar/entry.ts';
import { layersOnBase } from './base-layer.ts';
import type { ReadyBuilder } from './builder.ts';
import { type MadeParts, makeParts } from './make-parts.ts';
import type { OpenBuild } from './open-build.ts';
import type { RootfsParts } from './rootfs-parts.ts';
import { inStage } from './stages.ts';

/** Inputs that are pinned: the lock as it is kept, and with the epoch of this build. */
export interface PinnedInputs {
  readonly kept: Lock;
  readonly lock: Lock;
}

/** An image that is not placed yet, and what it was made of. */
export interface BuiltTree extends MadeParts {
  readonly image: Image;
}

/**
 * Builds the root filesystem's parts, makes one canonical tar of them, and packages it. `onArriving` is
 * told of the image when the first bytes of the tar are there. Errors: those of the kind and of assembleRootfs.
 */
export async function buildTree(
  open: OpenBuild,
  { kept, lock }: PinnedInputs,
  builder: ReadyBuilder | undefined,
  now: Date,
  onArriving: (image: ArrivingImage) => void,
  io: Io,
): Promise<BuiltTree> {
  const { recipe, platform, annotations } = open.plan;
  const made = await inStage(
    io,
    stageName.build,
    'Building the root filesystem',
    () => makeParts(open, recipe, lock, builder, now, io),
    ({ parts: { layers } }) => plural(layers[0]?.length ?? 0, 'entry', 'entries'),
  );
  const told = {
    platform,
    created: lock.epoch,
    recipe: recipe.name,
    lockDigest: inputsDigest(kept),
    annotations: annotationsOf({ ...recipe, ...recipe.image }, lock.epoch, annotations),
  };
  const file = join(open.folder, 'rootfs.tar');
  const arriving = (bytes: ArrivingImage['bytes']) =>
    onArriving({ ...draftImage(recipe.image, told), bytes });
  try {
    const rootfs = await canonicalTar(made.parts, file, arriving, io);
    const onBase = await layersOnBase(open, lock, builder, now, rootfs, io);
    const image = composeImage(rootfs, recipe.image, told, onBase);
    giveBackMemory();
    return { ...made, image };
  } catch (error) {
    await made.nodes?.ended();
    throw error;
  }
}

/** Builds the root filesystem and returns its entries as the image has them. Errors as buildTree. */
export async function builtEntries(
  open: OpenBuild,
  { lock }: PinnedInputs,
  builder: ReadyBuilder | undefined,
  now: Date,
  io: Io,
): Promise<readonly Entry[]> {
  const { parts, nodes } = await inStage(
    io,
    stageName.build,
    'Building the root filesystem',
    () => makeParts(open, open.plan.recipe, lock, builder, now, io),
    ({ parts: { layers } }) => plural(layers[0]?.length ?? 0, 'entry', 'entries'),
  );
  try {
    return await canonicalEntries(parts, io);
  } finally {
    await nodes?.ended();
  }
}

/**
 * Makes the one tar of the parts, and tells what is left out that something in it names. `onArriving` is
 * called once its first bytes are there.
 */
async function canonicalTar(
  parts: RootfsParts,
  file: string,
  onArriving: (bytes: ArrivingImage['bytes']) => void,
  io: Io,
): Promise<Rootfs> {
  const growing = growingFile(file);
  let isArriving = false;
  const onGrowth = (size: number) => {
    growing.grow(size);
    if (!isArriving) onArriving(growing.bytes);
    isArriving = true;
  };
  const work = async () => {
    try {
      const rootfs = await assembleRootfs({ ...parts, file, onGrowth }, io);
      growing.end();
      return rootfs;
    } catch (error) {
      growing.end(error);
      throw error;
    }
  };
  const title = 'Making it canonical';
  const rootfs = await inStage(io, stageName.rootfs, title, work, ({ diffId }) => diffId);
  for (const warning of await leftOutWarnings(parts.leftOut ?? [], rootfs.entries)) {
    io.emit({ type: 'warning', stage: stageName.rootfs, warning });
  }
  return rootfs;
}
