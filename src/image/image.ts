import type { PlatformName } from '../base/platform.ts';
import type { OciProcessConfig } from '../engines/engine.ts';
import type { Blob } from '../oci/blob.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** The `config` object of an OCI image config (image-spec, config.md). `Healthcheck` is Docker's. */
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

/** The part of an image that is known before its root filesystem is. */
export interface ImageDraft {
  readonly platform: PlatformName;
  /** Seconds since 1970. */
  readonly created: number;
  /** Names in a line the recipe and the lock that it was made from. */
  readonly comment: string;
  readonly settings: ImageConfig;
}

/** A packaged rootfs: one layer, its config and its manifest, all computed and none of it placed. */
export interface Image extends ImageDraft {
  readonly rootfs: Rootfs;
  readonly config: Blob;
  readonly manifest: Blob;
}
