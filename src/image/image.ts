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

/** A layer of an image: an uncompressed tar on disk. */
export type Layer = Pick<Rootfs, 'diffId' | 'size' | 'tar'>;

/** A packaged rootfs: its layers, its config and its manifest, all computed and none of it placed. */
export interface Image extends ImageDraft {
  /** The whole root filesystem as one tar, whatever layers it is packaged in. */
  readonly rootfs: Rootfs;
  /** The rootfs alone, or the layer of a base and what makes the rootfs of it; the lowest first. */
  readonly layers: readonly Layer[];
  readonly config: Blob;
  readonly manifest: Blob;
}
