import type { Store } from '../../../store/store.ts';
import type { DistributionName } from './distribution.ts';
import type { Mirrors } from './mirrors.ts';

/** What everything that reads a Debian archive is given. */
export interface DebianContext {
  readonly mirrors: Mirrors;
  readonly store: Store;
  /** Nothing is asked of the network; the last index that was believed is used. */
  readonly offline: boolean;
  /** Whose keys are believed, and whose calendar counts; Debian's when left out. */
  readonly distribution?: DistributionName;
  /** Files with public keys that are believed besides the distribution's own. */
  readonly keyrings?: readonly string[];
  /** The time that signatures and dates are checked against. */
  readonly now: Date;
}
