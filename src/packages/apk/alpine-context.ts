import type { RunSources } from '../sources.ts';
import { mirrorOfRun } from './mirror.ts';

/** The Alpine mirror of a run, and the keys that are believed. */
export interface AlpineContext extends Omit<RunSources, 'env'> {
  /** Mirror root that was named for this run; may carry credentials. Undefined: the recipe decides. */
  readonly mirror: string | undefined;
  /** Files with public keys that are believed besides Alpine's own. */
  readonly keyrings?: readonly string[];
}

/** Returns the Alpine mirror and keys of a run. Throws USAGE for a mirror that is none. */
export const alpineContext = ({ env, mirror, ...sources }: RunSources): AlpineContext => ({
  ...sources,
  mirror: mirrorOfRun({ flag: mirror, env }),
});
