import type { PlatformName } from '../../base/platform.ts';
import type { Annotations } from '../../image/annotations.ts';
import type { OutputRequest, PlacedOutput } from '../../outputs/contract.ts';
import type { BuildRequest, BuildResult } from '../request.ts';

/** Platforms that a build is asked for: those named, or all that the recipe allows. */
export type AskedPlatforms = readonly PlatformName[] | 'all';

/** A build of one recipe for several platforms: a build of each, and what is made of them together. */
export interface SetPlan {
  /** The recipe's name. */
  readonly recipe: string;
  /** Absolute; holds a folder for each platform, and what is made of them together. */
  readonly outDir: string;
  /** A request for each platform, in the order of the index. */
  readonly builds: readonly PlatformBuild[];
  /** Outputs that hold all platforms. */
  readonly outputs: readonly OutputRequest[];
  readonly tags: readonly string[];
  /** Annotations of the index that were asked for. */
  readonly annotations: Annotations;
}

/** The build of one of several platforms. */
export interface PlatformBuild {
  readonly platform: PlatformName;
  readonly request: BuildRequest;
}

/** The one JSON object of `--json` for a recipe that is built for several platforms. */
export interface SetResult {
  readonly recipe: string;
  /** `sha256:<hex>` of the index. */
  readonly indexDigest: string;
  /** In the order of the index. */
  readonly platforms: readonly BuildResult[];
  readonly tags: readonly string[];
  /** Outputs that hold all platforms. */
  readonly outputs: readonly PlacedOutput[];
  readonly outDir: string;
  /** True if everything was there already and nothing was built. */
  readonly cached: boolean;
}
