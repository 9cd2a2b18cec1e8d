import type { Io } from '../base/events.ts';
import type { Engine } from '../engines/engine.ts';
import type { ToolchainRef } from '../engines/step.ts';
import type { Lock } from '../lock/locked.ts';
import { unpackDebs } from '../packages/deb/unpack/unpack.ts';
import type { Recipe, Toolchain } from '../recipe/recipe.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from '../tar/entry.ts';
import { addApks, buildApkRoot } from './apk/install.ts';
import { buildDebootstrap } from './debootstrap/make.ts';
import { unpackMinirootfs } from './minirootfs/unpack.ts';
import { buildStatic } from './static/compile.ts';
import type { Linked } from './static/linked.ts';

/** A builder that is ready on the engine. */
export interface ReadyBuilder {
  readonly toolchain: Toolchain;
  readonly reference: ToolchainRef;
}

/** What a build needs besides the recipe and its lock. */
export interface BuildContext {
  readonly engine: Engine;
  readonly store: Store;
  /** Undefined for recipes that need no builder. */
  readonly builder: ReadyBuilder | undefined;
  /** A folder of this build's own. */
  readonly folder: string;
}

/** The same for what runs steps. */
export interface ToolInputs extends BuildContext {
  readonly builder: ReadyBuilder;
}

/** The context of a recipe that has a builder. */
export function withBuilder(context: BuildContext): ToolInputs {
  const { builder } = context;
  if (builder === undefined) throw new Error('a recipe that runs steps was given no builder');
  return { ...context, builder };
}

/** What a build made. */
export interface Built {
  readonly entries: Entry[];
  /** Of a static recipe: what its linker put into its programs. */
  readonly linked?: Linked;
}

/** What the lock of this kind of recipe always holds. */
function locked<T>(part: T | undefined, what: string): T {
  if (part === undefined) throw new Error(`the lock holds no ${what}`);
  return part;
}

/**
 * Turns locked inputs, all of them in the store, into the entries of a rootfs, with what `packages:`
 * adds. Errors: BUILD_FAILED, BUILD_OUTPUT, ARCHIVE_REFUSED, SOURCE_CORRUPT, ENGINE_FAILED.
 */
export async function build(
  recipe: Recipe,
  lock: Lock,
  context: BuildContext,
  io: Io,
): Promise<Built> {
  const { from } = recipe;
  const { store, folder } = context;
  switch (from.kind) {
    case 'debs': {
      const { diversions } = from.debs;
      const options = { store, workFolder: folder, diversions, stage: 'build' as const };
      return { entries: await unpackDebs(locked(lock.debs, 'packages'), options, io) };
    }
    case 'static': {
      const { builder, engine } = withBuilder(context);
      const { epoch, platform, archive } = lock;
      const inputs = { ...builder, engine, archive, epoch, store, platform, folder };
      return buildStatic(recipe, from.static, inputs, io);
    }
    case 'minirootfs': {
      const archive = locked(lock.rootfs, 'archive');
      const rootfs = await unpackMinirootfs(archive, { store, workFolder: folder }, io);
      if (!lock.apks) return { entries: rootfs };
      return { entries: await addApks(rootfs, lock, withBuilder(context), io) };
    }
    case 'debootstrap':
      return { entries: await buildDebootstrap(from.debootstrap, lock, withBuilder(context), io) };
    case 'apk':
      return { entries: await buildApkRoot(lock, withBuilder(context), io) };
  }
}
