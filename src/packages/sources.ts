import type { Store } from '../store/store.ts';

/** The store, mirrors and rules of trust of a run. */
export interface RunSources {
  readonly store: Store;
  /** Nothing is asked of the network. */
  readonly offline: boolean;
  /** The mirror that `--mirror` names, where it is one of the packages' own distribution. */
  readonly mirror: string | undefined;
  /** The environment, whose variables name mirrors. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of `--allow`, for instance `unsigned-archive`. */
  readonly allow: readonly string[];
  /** The time against which signatures and dates are checked. */
  readonly now: Date;
}
