import type { PlatformName } from '../base/platform.ts';
import type { OciProcessConfig } from '../engines/engine.ts';
import type { FilePart } from '../oci/archive-files.ts';
import type { Blob } from '../oci/blob.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Compression, LayerCompression } from './compress/compressions.ts';

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

/** The layers of an image, compressed in one way or not at all. */
export interface PackedLayers {
  readonly compression: Compression;
  /** In the order of the image's layers. */
  readonly layers: readonly FilePart[];
}

/** An image as it is stored or sent: config and diffIDs are the same in every form, the manifest is not. */
export interface ImageForm extends PackedLayers {
  readonly compression: LayerCompression;
  readonly manifest: Blob;
}

/**
 * A packaged rootfs: one layer, its config and its manifest, all computed and none of it placed. The manifest
 * is that of the layer as it is, not compressed.
 */
export interface Image extends ImageDraft {
  readonly rootfs: Rootfs;
  readonly config: Blob;
  readonly manifest: Blob;
  /** The layers in the compressions that outputs asked for; none when left out. */
  readonly packed?: readonly PackedLayers[];
  /** The forms of the image that outputs asked for besides this one, in the order of `compressions`. */
  readonly forms?: readonly ImageForm[];
}
