import type { Check } from '../../openpgp/signers.ts';
import type { RunSources } from '../../sources.ts';
import type { Signing } from '../locked-rpms.ts';

/** A repository as a recipe asks for it, at the mirror of this run. */
export interface AskedRepository {
  readonly name: string;
  /** Its root, without a trailing slash; may carry credentials. */
  readonly url: string;
  /** The root that is asked where there is no list at `url`: a point release moves to an archive. */
  readonly archive?: string | undefined;
  readonly signed: Signing;
  /** The https URL of a metalink that names the current repomd.xml, where one is asked. */
  readonly metalink?: string | undefined;
  /** The keys that are believed for the repository and its packages. */
  readonly keys: Check['keys'];
}

/** The store and rules of a run that repositories are fetched with. */
export type RpmContext = Pick<RunSources, 'store' | 'offline' | 'allow' | 'now'>;
