import { join } from 'node:path';
import { type Io, stageName } from '../base/events.ts';
import type { LayersOnBase } from '../image/compose-image.ts';
import { lockOfBase } from '../lock/base-lock.ts';
import type { Lock } from '../lock/schema.ts';
import { layerDifference } from '../rootfs/layers/difference.ts';
import { assembleRootfs, type Rootfs } from '../rootfs/rootfs.ts';
import { writeHashed } from '../rootfs/write-hashed.ts';
import { writeTar } from '../tar/write.ts';
import type { ReadyBuilder } from './builder.ts';
import type { KeptBase } from './kept-base.ts';
import { makeParts } from './make-parts.ts';
import type { OpenBuild } from './open-build.ts';
import { inStage } from './stages.ts';

/** Makes the rootfs of the base out of the same inputs and with the same builder, as its own image has it. */
async function rootfsOfBase(
  open: OpenBuild,
  { recipe: base, part }: KeptBase,
  lock: Lock,
  builder: ReadyBuilder | undefined,
  now: Date,
  io: Io,
): Promise<Rootfs> {
  const { recipe, epoch } = open.plan;
  const ofBase = lockOfBase(lock, recipe, base, part, epoch);
  const { parts, nodes } = await makeParts(open, base, ofBase, builder, now, io);
  try {
    return await assembleRootfs({ ...parts, file: join(open.folder, 'base.tar') }, io);
  } finally {
    await nodes?.ended();
  }
}

/** Returns the layers of an image that keeps that of its base; undefined for one of one layer. */
export async function layersOnBase(
  open: OpenBuild,
  lock: Lock,
  builder: ReadyBuilder | undefined,
  now: Date,
  rootfs: Rootfs,
  io: Io,
): Promise<LayersOnBase | undefined> {
  const { base } = open.plan;
  if (base === undefined) return undefined;
  const work = async () => {
    const below = await rootfsOfBase(open, base, lock, builder, now, io);
    const entries = await layerDifference(below.entries, rootfs.entries);
    const tar = join(open.folder, 'layer.tar');
    const { sha256, size } = await writeHashed(writeTar(entries), tar, () => undefined);
    return { below, own: { diffId: `sha256:${sha256}`, size, tar } };
  };
  const title = `Keeping the layer of ${base.recipe.name}`;
  const { below, own } = await inStage(
    io,
    stageName.rootfs,
    title,
    work,
    ({ below: { diffId } }) => diffId,
  );
  return { base: base.recipe.name, layers: [below, own] };
}
