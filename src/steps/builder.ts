import type { Stage } from '../base/events.ts';
import type { ToolchainRef } from '../engines/step.ts';
import type { Toolchain } from '../recipe/recipe.ts';
import type { Store } from '../store/store.ts';
import type { MakeTree } from './work.ts';

/** A builder whose tree is known; it is on the engine as soon as a step has to run. */
export interface ReadyBuilder {
  readonly toolchain: Toolchain;
  readonly reference: ToolchainRef;
  /** sha256 of the canonical tar of its tree, 64 hexadecimal digits. */
  readonly tree: string;
}

/** The store and folders that a build needs besides the recipe and its lock. */
export interface BuildContext {
  readonly store: Store;
  /** Undefined for recipes that need no builder. */
  readonly builder: ReadyBuilder | undefined;
  /** Makes the trees of steps in the builder, or finds them; undefined without a builder. */
  readonly make: MakeTree | undefined;
  /** A folder of this build's own. */
  readonly folder: string;
  /** The stage that progress is told as. */
  readonly stage: Stage;
  /** One of the kind's makers; the usual one when left out. */
  readonly maker?: string;
}

/** The context of a build that runs steps. */
export interface StepContext extends BuildContext {
  readonly builder: ReadyBuilder;
  readonly make: MakeTree;
}

/** Returns the context of a recipe that has a builder. */
export function withBuilder(context: BuildContext): StepContext {
  const { builder, make } = context;
  if (builder === undefined || make === undefined) {
    throw new Error('a recipe that runs steps was given no builder');
  }
  return { ...context, builder, make };
}
