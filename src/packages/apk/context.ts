import type { ArchiveContext } from '../../kinds/minirootfs/archive-context.ts';

/** What everything that reads an Alpine mirror is given. */
export interface AlpineContext extends ArchiveContext {
  /** Mirror root that was chosen for this run; may carry credentials. Undefined: the recipe decides. */
  readonly mirror: string | undefined;
  /** Files with public keys that are believed besides Alpine's own. */
  readonly keyrings?: readonly string[];
}
