import type { Engine } from '../engines/engine.ts';
import type { ToolchainRef } from '../engines/step.ts';
import type { Io } from '../events.ts';
import type { Lock } from '../lock/locked.ts';
import type { Recipe, Toolchain } from '../recipe/recipe.ts';
import { unpackDebs } from '../sources/debian/unpack.ts';
import { unpackMinirootfs } from '../sources/minirootfs/unpack.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from '../tar/entry.ts';
import { buildStatic } from './static/static.ts';

/** A builder that is ready on the engine. */
export interface ReadyBuilder {
  readonly toolchain: Toolchain;
  readonly reference: ToolchainRef;
}

/** What a build needs besides the recipe and its lock. */
export interface BuildContext {
  readonly engine: Engine;
  readonly store: Store;
  /** Undefined for kinds that need no builder. */
  readonly builder: ReadyBuilder | undefined;
  /** A folder of this build's own. */
  readonly folder: string;
}

/**
 * Turns locked inputs, all of them in the store, into the entries of a rootfs. Errors: BUILD_FAILED,
 * BUILD_OUTPUT, ARCHIVE_REFUSED, SOURCE_CORRUPT, ENGINE_FAILED.
 */
export async function build(
  recipe: Recipe,
  lock: Lock,
  { engine, store, builder, folder }: BuildContext,
  io: Io,
): Promise<Entry[]> {
  const { from } = recipe;
  switch (from.kind) {
    case 'debs': {
      if (!lock.debs) throw new Error('the lock of a debs recipe holds no packages');
      const { diversions } = from.debs;
      const options = { store, workFolder: folder, diversions, stage: 'build' as const };
      return unpackDebs(lock.debs, options, io);
    }
    case 'static': {
      if (!builder) throw new Error('a static recipe was given no builder');
      const { epoch, platform, archive } = lock;
      const inputs = { ...builder, engine, archive, epoch, store, platform, folder };
      return buildStatic(recipe, from.static, inputs, io);
    }
    case 'minirootfs': {
      if (!lock.rootfs) throw new Error('the lock of a minirootfs recipe holds no archive');
      return unpackMinirootfs(lock.rootfs, { store, workFolder: folder }, io);
    }
  }
}
