import type { Io } from '../base/events.ts';
import type { Step } from '../engines/step.ts';
import type { LockedToolchain } from '../lock/locked.ts';
import type { SourceContext } from './source-context.ts';

/** A step for the recipe's own builder. */
export type BuilderStep = Omit<Step, 'toolchain'>;

/**
 * Runs a step in a builder, which is fetched and made first where the engine does not have it yet:
 * for tools that choose packages themselves (debootstrap, apt, apk). `consume` gets the step's stdout
 * and must read it to the end. Errors as Engine.runStep, and those of fetching.
 */
export type RunInBuilder = <T>(
  toolchain: LockedToolchain,
  step: BuilderStep,
  consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>,
  io: Io,
) => Promise<T>;

/** What pinning needs. */
export interface LockContext {
  readonly sources: SourceContext;
  readonly runInBuilder: RunInBuilder;
  /** An empty folder of this run's own. */
  readonly folder: string;
}

/** What pinning a kind needs that has a builder: the same, with the builder chosen. */
export interface ToolContext extends Omit<LockContext, 'runInBuilder'> {
  readonly run: <T>(
    step: BuilderStep,
    consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>,
    io: Io,
  ) => Promise<T>;
}
