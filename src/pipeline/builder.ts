import { counted } from '../base/amounts.ts';
import { digestOf } from '../base/canonical-json.ts';
import type { Io } from '../base/events.ts';
import { sha256OfFile } from '../base/hash.ts';
import type { PlatformName } from '../base/platform.ts';
import type { Engine } from '../engines/engine.ts';
import type { ToolchainRef } from '../engines/step.ts';
import type { LockedToolchain } from '../lock/locked.ts';
import { unpackDebs } from '../packages/deb/unpack/unpack.ts';
import type { Origin, Toolchain } from '../recipe/recipe.ts';
import { canonicalEntries } from '../rootfs/rootfs.ts';
import { sourceFile } from '../rootfs/source-file.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from '../tar/entry.ts';
import { writeTar } from '../tar/write.ts';
import { inStage } from './in-stage.ts';

/** Changes when the same lock would give another rootfs. */
const format = 1;

/** A builder as a recipe asks for it: its recipe, its pinned packages and its name on the engine. */
export interface Builder {
  readonly toolchain: Toolchain;
  readonly locked: LockedToolchain;
  readonly reference: ToolchainRef;
}

const diversionsOf = ({ from }: Toolchain) => (from.kind === 'debs' ? from.debs.diversions : []);

/** sha256 of each file beside the toolchain that goes into it, in the order of `files:`. */
async function contentsOf({ files, origin }: Toolchain): Promise<string[]> {
  const digests: string[] = [];
  for (const file of files) {
    if ('source' in file) digests.push(await digestOfFile(origin, file.source));
  }
  return digests;
}

async function digestOfFile(origin: Origin, source: string): Promise<string> {
  const { file } = await sourceFile(origin, source);
  return sha256OfFile(file);
}

/**
 * Names a builder by everything that its rootfs is computed from. Throws RECIPE_INVALID for a source
 * file that cannot be taken.
 */
export async function builderFor(
  toolchain: Toolchain,
  locked: LockedToolchain,
  platform: PlatformName,
): Promise<Builder> {
  const { files, accounts, slim, name } = toolchain;
  const key = digestOf({
    format,
    platform,
    epoch: locked.epoch,
    packages: locked.debs.packages.map((each) => [each.name, each.sha256]),
    diversions: diversionsOf(toolchain),
    files,
    contents: await contentsOf(toolchain),
    accounts,
    slim,
  });
  return { toolchain, locked, reference: { name, platform, key } };
}

/** What making a builder needs. */
export interface BuilderContext {
  readonly engine: Engine;
  readonly store: Store;
  /** An empty folder of this build's own. */
  readonly folder: string;
}

async function builderEntries(
  { toolchain, locked }: Builder,
  { store, folder }: BuilderContext,
  io: Io,
): Promise<Entry[]> {
  const options = {
    store,
    workFolder: folder,
    diversions: diversionsOf(toolchain),
    stage: 'toolchain' as const,
  };
  const unpacked = await unpackDebs(locked.debs, options, io);
  const { epoch } = locked;
  return canonicalEntries({ layers: [unpacked], recipe: toolchain, epoch, allow: 'listed' }, io);
}

/**
 * Makes a builder on the engine. A builder is just another rootfs: unpacked and made canonical by the
 * same stages as an image; only its last stop differs. Its packages are in the store already.
 */
export async function makeBuilder(
  builder: Builder,
  context: BuilderContext,
  io: Io,
): Promise<void> {
  const { reference, locked, toolchain } = builder;
  await inStage(
    io,
    'toolchain',
    `Making builder ${toolchain.name}`,
    async () => {
      const entries = await builderEntries(builder, context, io);
      await context.engine.addToolchain(reference, writeTar(entries, { reuseMemory: true }), io);
    },
    () => counted(locked.debs.packages.length, 'package'),
  );
}
