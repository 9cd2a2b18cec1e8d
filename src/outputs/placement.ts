import type { PlacedOutput } from './output.ts';

/**
 * An output that is whole, and checked, but not yet to be seen under its name. `commit` or
 * `discard` is called, and `discard` also after a `commit` that failed.
 */
export interface Placement {
  readonly output: PlacedOutput;
  /** Id in the image store, when the image went there. */
  readonly imageId?: string;
  /** Gives it its name: renames the file, tags the image. */
  commit(): Promise<void>;
  /** Removes every trace of it. Never throws: it runs while something worse is on its way. */
  discard(): Promise<void>;
}
