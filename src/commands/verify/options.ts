import type { RebuildOptions } from '../../pipeline/rebuild/rebuild.ts';
import type { ProgressMode } from '../../ui/ui.ts';
import type { Requirement } from '../../verify/require.ts';

/** Options of `verify`. */
export interface VerifyOptions extends RebuildOptions {
  readonly evidence?: string;
  /** Repeated flags; undefined when there is none. */
  readonly insecureRegistry?: readonly string[];
  /** Values of `--key`, as parseKeyOption reads them. */
  readonly key?: readonly string[];
  readonly require?: readonly Requirement[];
  readonly notOlderThan?: string;
  /** The file that the signed summary goes to. */
  readonly attest?: string;
  /** File with the public key that vouched for the lock. */
  readonly lockKey?: string;
  readonly json?: true;
  readonly rebuild?: true;
  /** Attaches what the rebuild left to the image in its registry. */
  readonly attach?: true;
  readonly vary?: true;
  /** Signs the statement of the rebuild and the summary, as parseSign reads it. */
  readonly sign?: string;
  /** Name or path of the recipe. */
  readonly recipe?: string;
  readonly progress: ProgressMode;
}
