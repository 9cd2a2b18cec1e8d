import { digestOf } from '../base/canonical-json.ts';
import type { Io } from '../base/events.ts';
import { packageVersion } from '../base/package-root.ts';
import type { PlatformName } from '../base/platform.ts';
import { turns } from '../base/turns.ts';
import type { Engine, HeldTrees } from '../engines/engine.ts';
import type { ToolchainRef } from '../engines/step.ts';
import type { NamedTree } from '../steps/work.ts';
import { writeTar } from '../tar/write.ts';
import {
  forgetBuilder,
  knownBuilder,
  rememberBuilder,
  touchBuilder,
  usedBuilders,
} from './builder-state.ts';

/** Version of the way in which a tree becomes what an engine holds. */
const format = 1;

/** The name of every held tree; its key tells them apart. */
const name = 'tree';

/** As many stay on an engine, those that were used last. */
const mostTrees = 3;

/** The engine and the state of one run. */
export interface HeldTreesContext {
  readonly engine: Engine;
  /** Absolute path of the state folder. */
  readonly state: string;
  /** True when this run believes nothing that it did not make itself. */
  readonly fresh: boolean;
  readonly platform: PlatformName;
  readonly now: Date;
}

/** Builds that go on side by side in one process do not hand a tree over twice. */
const inTurn = turns();

/** Drops the trees that were not used for longest. What mkbase cannot forget is dropped again. */
async function dropOldest(
  { drop }: HeldTrees,
  { state, platform }: HeldTreesContext,
  io: Io,
): Promise<void> {
  const used = await usedBuilders(state, name);
  // A recipe of a toolchain may have that name, too; it has inputs.
  const trees = used.filter(({ inputs }) => inputs.length === 0);
  for (const { key } of trees.slice(mostTrees)) {
    await drop({ name, platform, key }, io);
    await forgetBuilder(state, key).catch(() => undefined);
  }
}

/** Gives an engine a tree, and remembers by which digest it is known again. Errors: as Engine.addToolchain. */
async function handOver(
  tree: NamedTree,
  reference: ToolchainRef,
  { engine, state }: HeldTreesContext,
  io: Io,
): Promise<void> {
  const entries = await tree.entries();
  const digest = await engine.addToolchain(reference, writeTar(entries, { reuseMemory: true }), io);
  const epoch = entries.reduce((latest, { mtime }) => Math.max(latest, mtime), 0);
  const record = { ...reference, tree: digest, epoch, mkbase: packageVersion, inputs: [] };
  // Forgotten, it is handed over again.
  await rememberBuilder(state, record).catch(() => undefined);
}

/**
 * Returns a function that has the engine hold a tree, as it holds builders, and resolves to its name there;
 * undefined where steps are better sent their trees.
 */
export function heldTrees(context: HeldTreesContext) {
  const { engine, state, fresh, platform, now } = context;
  return async (tree: NamedTree, io: Io): Promise<ToolchainRef | undefined> => {
    const { heldTrees: trees } = engine;
    if (fresh || trees === undefined) return undefined;
    const key = digestOf({ format, platform, tree: await tree.digest() });
    const reference = { name, platform, key };
    return inTurn(`${engine.name} ${key}`, async () => {
      const known = await knownBuilder(state, key);
      const isHeld = known !== undefined && (await engine.hasToolchain(reference, known.tree, io));
      if (!isHeld) await handOver(tree, reference, context, io);
      await touchBuilder(state, key, now).catch(() => undefined);
      if (!isHeld) await dropOldest(trees, context, io);
      return reference;
    });
  };
}
