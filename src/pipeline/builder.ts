import { digestOf } from '../base/canonical-json.ts';
import type { Io } from '../base/events.ts';
import { plural } from '../base/format.ts';
import { sha256OfFile } from '../base/hash.ts';
import { type PlatformName, platforms } from '../base/platform.ts';
import type { Engine } from '../engines/engine.ts';
import type { ToolchainRef } from '../engines/step.ts';
import { kindOf } from '../kinds/kinds.ts';
import { wantedByToolchain } from '../lock/lock.ts';
import type { LockedToolchain } from '../lock/schema.ts';
import { sourceOf } from '../recipe/kind.ts';
import type { Origin, Toolchain } from '../recipe/recipe.ts';
import { canonicalEntries } from '../rootfs/rootfs.ts';
import { sourceFile } from '../rootfs/source-file.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from '../tar/entry.ts';
import { writeTar } from '../tar/write.ts';
import { inStage } from './stages.ts';

/** Version of the way in which a builder is made: raised when the same lock gives another rootfs. */
const format = 2;

/** A builder: its recipe, its pinned packages and its name on the engine. */
export interface Builder {
  readonly toolchain: Toolchain;
  readonly locked: LockedToolchain;
  readonly reference: ToolchainRef;
}

/** Returns the sha256 of each file beside the toolchain that goes into it, in the order of `files:`. */
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
    from: toolchain.from,
    inputs: inputsOf(locked).map(({ name, sha256 }) => [name, sha256]),
    files,
    contents: await contentsOf(toolchain),
    accounts,
    slim,
  });
  return { toolchain, locked, reference: { name, platform, key } };
}

/** The engine and the store with which a builder is made. */
export interface BuilderContext {
  readonly engine: Engine;
  readonly store: Store;
  /** An empty folder of this build's own. */
  readonly folder: string;
}

const inputsOf = ({ from }: LockedToolchain) => kindOf(from).inputs(sourceOf(from));

async function builderEntries(
  { toolchain, locked, reference }: Builder,
  context: BuilderContext,
  io: Io,
): Promise<Entry[]> {
  const { epoch } = locked;
  const { build } = await kindOf(toolchain.from).load();
  const wanted = wantedByToolchain(toolchain, platforms[reference.platform]);
  const pinned = { ...wanted, locked: sourceOf(locked.from), epoch };
  const making = { ...context, builder: undefined, stage: 'toolchain' } as const;
  const { entries } = await build(pinned, making, io);
  return canonicalEntries({ layers: [entries], recipe: toolchain, epoch, allow: 'listed' }, io);
}

/**
 * Makes a builder on the engine. A builder is another rootfs, unpacked and made canonical by the
 * same stages as an image; only its destination differs. Its packages are in the store already.
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
    () => plural(inputsOf(locked).length, 'package'),
  );
}
