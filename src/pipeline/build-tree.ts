import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { type Io, stageName } from '../base/events.ts';
import { plural } from '../base/format.ts';
import { giveBackMemory } from '../base/memory.ts';
import { packageVersion } from '../base/package-root.ts';
import { annotationsOf } from '../image/annotations.ts';
import { composeImage, draftImage } from '../image/compose-image.ts';
import type { Image } from '../image/image.ts';
import { inputsDigest } from '../lock/inputs.ts';
import type { Lock } from '../lock/schema.ts';
import { type Nodes, nodesOf, StartAgain } from '../nodes/nodes.ts';
import type { ArrivingImage } from '../outputs/contract.ts';
import { growingFile } from '../rootfs/growing-file.ts';
import { leftOutWarnings } from '../rootfs/left-out.ts';
import { assembleRootfs, canonicalEntries, type Rootfs } from '../rootfs/rootfs.ts';
import type { Entry } from '../tar/entry.ts';
import type { ReadyBuilder } from './builder.ts';
import { heldTrees } from './held-trees.ts';
import { holdBuilder } from './hold-builder.ts';
import { fetchBuilder } from './inputs/fetch-inputs.ts';
import type { OpenBuild } from './open-build.ts';
import { buildParts, type RootfsParts } from './rootfs-parts.ts';
import { inStage } from './stages.ts';

/** Inputs that are pinned: the lock as it is kept, and with the epoch of this build. */
export interface PinnedInputs {
  readonly kept: Lock;
  readonly lock: Lock;
}

/**
 * Makes sure that the engine holds the builder. Throws StartAgain when it had to be made and came out
 * otherwise than what was computed in it so far believes.
 */
export async function readyBuilder(open: OpenBuild, builder: ReadyBuilder, io: Io): Promise<void> {
  const fetch = () => fetchBuilder(builder, open.sources.builder, io);
  const { tree } = await holdBuilder(builder, open, fetch, io);
  if (tree !== builder.tree) throw new StartAgain();
}

const nodesIn = (open: OpenBuild, builder: ReadyBuilder, now: Date): Nodes =>
  nodesOf({
    ...{ engine: open.engine, builder, now, mkbase: packageVersion },
    visitor: open.visitor,
    ready: (io) => readyBuilder(open, builder, io),
    hold: heldTrees({ ...open, platform: builder.reference.platform, now }),
    ...{ cache: open.store.folder, state: open.state, folder: open.folder, fresh: open.fresh },
  });

/** The parts of a root filesystem, and the builder and steps that they were made with. */
interface MadeParts {
  readonly parts: RootfsParts;
  readonly builder: ReadyBuilder | undefined;
  readonly nodes: Nodes | undefined;
}

/** More often than this no builder or step comes out otherwise than before, unless the machine is broken. */
const attempts = 3;

/** Builds the parts, anew where a builder or a step comes out otherwise than was believed. */
async function makeParts(
  open: OpenBuild,
  lock: Lock,
  believed: ReadyBuilder | undefined,
  now: Date,
  io: Io,
): Promise<MadeParts> {
  const { recipe, maker } = open.plan;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const builder = believed && (await open.builders.known(believed));
    const nodes = builder && nodesIn(open, builder, now);
    const folder = await mkdtemp(join(open.folder, 'parts-'));
    const context = {
      ...{ store: open.store, folder, builder, make: nodes?.make, stage: stageName.build },
      ...(maker && { maker }),
    };
    try {
      const parts = await buildParts(recipe, lock, context, io);
      return { parts, builder, nodes };
    } catch (error) {
      await nodes?.ended();
      if (!(error instanceof StartAgain)) throw error;
    }
  }
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `The builder or a step of ${recipe.name} came out otherwise ${attempts} times.`,
    hint: 'Check memory and disk; --no-cache makes everything anew.',
  });
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
    () => makeParts(open, lock, builder, now, io),
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
  const rootfs = await canonicalTar(made.parts, file, arriving, io).catch(async (error) => {
    await made.nodes?.ended();
    throw error;
  });
  const image = composeImage(rootfs, recipe.image, told);
  giveBackMemory();
  return { ...made, image };
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
    () => makeParts(open, lock, builder, now, io),
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
