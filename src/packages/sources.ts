import type { Store } from '../store/store.ts';

/** Where a run takes bytes from, and what it believes. */
export interface RunSources {
  readonly store: Store;
  /** Nothing is asked of the network. */
  readonly offline: boolean;
  /** The mirror that `--mirror` names, where it is one of the packages' own distribution. */
  readonly mirror: string | undefined;
  /** The environment, whose variables name mirrors. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `--allow` lets pass. */
  readonly allow: readonly string[];
  /** The time against which signatures and dates are checked. */
  readonly now: Date;
}
