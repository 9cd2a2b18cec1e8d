import type { From } from '../../recipe/kind.ts';

/** The tree of one kind, and that of another which is laid over it. */
export interface StackSource {
  readonly base: From;
  readonly top: From;
  /** Number of recipes that the base is read from: those below the recipe that names the top. */
  readonly below: number;
}

/** The inputs of both trees, pinned. */
export interface LockedStack {
  readonly base: From;
  readonly top: From;
}
