import type { Store } from '../../store/store.ts';

/** What everything that pins a published archive is given. */
export interface ArchiveContext {
  readonly store: Store;
  /** Nothing is asked of the network. */
  readonly offline: boolean;
  /** An archive without a signature and without a pinned digest is taken all the same. */
  readonly allowUnsigned: boolean;
  /** The time that signatures and keys are checked against. */
  readonly now: Date;
}
