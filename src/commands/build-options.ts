import type { PlatformName } from '../base/platform.ts';
import type { EngineName } from '../engines/engine.ts';
import type { Allowance } from '../pipeline/request.ts';
import type { ProgressMode } from '../ui/ui.ts';

/** Options of `build` and `run`, as commander hands them over. */
export interface BuildOptions {
  readonly platform?: PlatformName;
  readonly engine: EngineName | 'auto';
  readonly mirror?: string;
  readonly offline?: true;
  readonly frozen?: true;
  /** A bundle of inputs. */
  readonly inputs?: string;
  /** Repeated flags; undefined when there is none. */
  readonly allow?: readonly Allowance[];
  /** A policy's name or path. */
  readonly policy?: string;
  readonly sarif?: string;
  /** False with --no-cache. */
  readonly cache?: boolean;
  /** False with --no-test. */
  readonly test?: boolean;
  readonly progress: ProgressMode;
  readonly quiet?: true;
  /** Repeated flags; undefined when there is none. */
  readonly tag?: readonly string[];
  readonly output?: readonly string[];
  readonly out?: string;
}

/** Options of `build` alone: what becomes of the result. */
export interface OutcomeOptions {
  /** As parseSign reads it. */
  readonly sign?: string;
  readonly json?: true;
  readonly metadataFile?: string;
  readonly iidfile?: string;
}
