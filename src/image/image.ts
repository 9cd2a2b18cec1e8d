import type { PlatformName } from '../base/platform.ts';
import type { OciProcessConfig } from '../engines/engine.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** An OCI blob that is small enough to hold: config or manifest. */
export interface Blob {
  readonly mediaType: string;
  /** `sha256:<hex>` of `bytes`. */
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** `Healthcheck` and `OnBuild` are Docker's additions to the OCI config. */
export interface ImageConfig extends OciProcessConfig {
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly Volumes?: Readonly<Record<string, Record<string, never>>>;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  /** Durations in nanoseconds. */
  readonly Healthcheck?: {
    readonly Test: readonly string[];
    readonly Interval?: number;
    readonly Timeout?: number;
    readonly StartPeriod?: number;
    readonly Retries?: number;
  };
}

/** A packaged rootfs: one layer, its config and its manifest, all computed and none of it placed. */
export interface Image {
  readonly rootfs: Rootfs;
  readonly platform: PlatformName;
  /** Seconds since 1970. */
  readonly created: number;
  /** What it was made from, in a line. */
  readonly comment: string;
  readonly settings: ImageConfig;
  readonly config: Blob;
  readonly manifest: Blob;
}
