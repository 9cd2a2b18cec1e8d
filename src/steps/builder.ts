import type { Stage } from '../base/events.ts';
import type { Engine } from '../engines/engine.ts';
import type { ToolchainRef } from '../engines/step.ts';
import type { Toolchain } from '../recipe/recipe.ts';
import type { Store } from '../store/store.ts';

/** A builder that is ready on the engine. */
export interface ReadyBuilder {
  readonly toolchain: Toolchain;
  readonly reference: ToolchainRef;
}

/** The engine, store and folders that a build needs besides the recipe and its lock. */
export interface BuildContext {
  readonly engine: Engine;
  readonly store: Store;
  /** Undefined for recipes that need no builder. */
  readonly builder: ReadyBuilder | undefined;
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
}

/** Returns the context of a recipe that has a builder. */
export function withBuilder(context: BuildContext): StepContext {
  const { builder } = context;
  if (builder === undefined) throw new Error('a recipe that runs steps was given no builder');
  return { ...context, builder };
}
