import { digestOf } from '../base/canonical-json.ts';
import { MkbaseError } from '../base/errors.ts';
import { type Io, stageName, type Warning } from '../base/events.ts';
import { plural } from '../base/format.ts';
import { sha256OfFile } from '../base/hash.ts';
import { packageVersion } from '../base/package-root.ts';
import { type PlatformName, platforms } from '../base/platform.ts';
import type { Engine } from '../engines/engine.ts';
import type { ToolchainRef } from '../engines/step.ts';
import { kindOf } from '../kinds/kinds.ts';
import { wantedByToolchain } from '../lock/lock.ts';
import type { LockedToolchain } from '../lock/schema.ts';
import { sourceOf } from '../recipe/kind.ts';
import { builderPlatform, type Origin, type Toolchain } from '../recipe/recipe.ts';
import { canonicalEntries } from '../rootfs/rootfs.ts';
import { sourceFile } from '../rootfs/source-file.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from '../tar/entry.ts';
import { writeTar } from '../tar/write.ts';
import { type BuilderRecord, knownBuilder, rememberBuilder } from './builder-state.ts';
import { inStage } from './stages.ts';

/** Version of the way in which a builder is made: raised when the same lock gives another rootfs. */
const format = 3;

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
 * Names the builder of an image for a platform by everything that its rootfs is computed from. Throws RECIPE_INVALID for a source
 * file that cannot be taken.
 */
export async function builderFor(
  toolchain: Toolchain,
  locked: LockedToolchain,
  platform: PlatformName,
): Promise<Builder> {
  const { files, accounts, slim, name } = toolchain;
  const runsOn = builderPlatform(toolchain, platform);
  const key = digestOf({
    format,
    platform: runsOn,
    epoch: locked.epoch,
    from: toolchain.from,
    inputs: inputsOf(locked).map(({ name, sha256 }) => [name, sha256]),
    files,
    contents: await contentsOf(toolchain),
    accounts,
    slim,
  });
  return { toolchain, locked, reference: { name, platform: runsOn, key } };
}

/** A builder whose tree is known. */
export interface ReadyBuilder extends Builder {
  /** sha256 of the canonical tar of its tree, 64 hexadecimal digits. */
  readonly tree: string;
}

/** The engine, the store and the state with which a builder is made. */
export interface BuilderContext {
  readonly engine: Engine;
  readonly store: Store;
  /** Absolute path of the state folder. */
  readonly state: string;
  /** True when this run believes no builder that it did not make itself. */
  readonly fresh: boolean;
}

const inputsOf = ({ from }: LockedToolchain) => kindOf(from).inputs(sourceOf(from));

async function builderEntries(
  { toolchain, locked, reference }: Builder,
  context: BuilderContext,
  folder: string,
  io: Io,
): Promise<Entry[]> {
  const { epoch } = locked;
  const { build } = await kindOf(toolchain.from).load();
  const wanted = wantedByToolchain(toolchain, platforms[reference.platform]);
  const pinned = { ...wanted, locked: sourceOf(locked.from), epoch };
  const making = {
    ...{ store: context.store, folder },
    ...{ builder: undefined, make: undefined },
    stage: stageName.toolchain,
  };
  const { entries } = await build(pinned, making, io);
  return canonicalEntries({ layers: [entries], recipe: toolchain, epoch, allow: 'listed' }, io);
}

/** Describes a builder that was just made, for the state. */
const recordOf = ({ reference, locked }: Builder, tree: string): BuilderRecord => ({
  ...reference,
  tree,
  epoch: locked.epoch,
  mkbase: packageVersion,
  inputs: inputsOf(locked).map(({ name, version, sha256 }) => ({ name, version, sha256 })),
});

const otherTree = ({ name }: BuilderRecord, found: string, expected: string): Warning => ({
  code: 'builder-differs',
  message: `The builder ${name} was made anew from the same packages and came out different: expected tree sha256:${expected}, as remembered, found sha256:${found}.`,
  advice:
    'Somebody changed what mkbase remembers, or the builder is not reproducible: make it again with --no-cache to see which.',
});

const notRemembered = ({ message }: MkbaseError): Warning => ({
  code: 'builder-not-remembered',
  message: `The next build will make the builder anew. ${message}`,
  advice: 'Make room there, or point XDG_STATE_HOME elsewhere.',
});

/** Remembers a builder and tells where it is not the one that was remembered. */
async function remember(state: string, record: BuilderRecord, { emit }: Io): Promise<void> {
  const warn = (warning: Warning) => emit({ type: 'warning', stage: 'toolchain', warning });
  const before = await knownBuilder(state, record.key);
  if (before && before.tree !== record.tree) warn(otherTree(record, record.tree, before.tree));
  try {
    await rememberBuilder(state, record);
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    warn(notRemembered(error));
  }
}

/**
 * Makes a builder on the engine. A builder is another rootfs, unpacked and made canonical by the
 * same stages as an image; only its destination differs. Its packages are in the store already.
 */
async function makeTree(
  builder: Builder,
  context: BuilderContext,
  folder: string,
  io: Io,
): Promise<string> {
  const { reference, locked, toolchain } = builder;
  return inStage(
    io,
    'toolchain',
    `Making builder ${toolchain.name}`,
    async () => {
      const entries = await builderEntries(builder, context, folder, io);
      const tar = writeTar(entries, { reuseMemory: true });
      const own = context.fresh ? folder : undefined;
      const tree = await context.engine.addToolchain(reference, tar, io, own);
      await remember(context.state, recordOf(builder, tree), io);
      return tree;
    },
    () => plural(inputsOf(locked).length, 'package'),
  );
}

/** The builders of one run. */
export interface Builders {
  /**
   * Returns a builder as this run made it or as mkbase remembers to have made it, whether an engine holds
   * it or not; undefined when there is none to be believed.
   */
  known(builder: Builder): Promise<ReadyBuilder | undefined>;
  /**
   * Returns a builder that the engine holds as this run made it or as mkbase remembers to have made it;
   * undefined when there is none to be believed.
   */
  find(builder: Builder, io: Io): Promise<ReadyBuilder | undefined>;
  /** Makes a builder; `folder` is an empty folder of this run's own, and stays until its end. */
  make(builder: Builder, folder: string, io: Io): Promise<ReadyBuilder>;
}

/** Finds and makes builders on an engine: by their key, and by the tree that the key stands for. */
export function buildersOf(context: BuilderContext): Builders {
  const { engine, state, fresh } = context;
  /** Trees by key, of builders that were looked at or made in this run. */
  const ready = new Map<string, string>();
  const keep = (builder: Builder, tree: string): ReadyBuilder => {
    ready.set(builder.reference.key, tree);
    return { ...builder, tree };
  };
  const treeOf = async ({ reference: { key } }: Builder): Promise<string | undefined> =>
    ready.get(key) ?? (fresh ? undefined : (await knownBuilder(state, key))?.tree);
  return {
    async known(builder) {
      const tree = await treeOf(builder);
      return tree === undefined ? undefined : { ...builder, tree };
    },
    async find(builder, io) {
      const { reference } = builder;
      const tree = await treeOf(builder);
      if (tree === undefined) return undefined;
      const held = ready.has(reference.key) || (await engine.hasToolchain(reference, tree, io));
      return held ? keep(builder, tree) : undefined;
    },
    make: async (builder, folder, io) =>
      keep(builder, await makeTree(builder, context, folder, io)),
  };
}
