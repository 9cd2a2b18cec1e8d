import type { PlatformName } from '../base/platform.ts';
import type { OciProcessConfig } from '../engines/engine.ts';
import type { FilePart } from '../oci/archive-files.ts';
import type { Blob } from '../oci/blob.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Annotations } from './annotations.ts';
import type { LayerCompression, PackedForm } from './compress/compressions.ts';

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

/** A tar of an image as it was compressed. */
export interface PackedTar {
  readonly compression: PackedForm;
  /** `sha256:<hex>` of the tar. */
  readonly diffId: string;
  readonly part: FilePart;
}

/** An image as it is stored or sent: config and diffIDs are the same in every form, the manifest is not. */
export interface ImageForm {
  readonly compression: LayerCompression;
  /** In the order of the image's layers. */
  readonly layers: readonly FilePart[];
  readonly manifest: Blob;
}

/**
 * A packaged rootfs: its layers, its config and its manifest, all computed and none of it placed. The manifest
 * is that of the layers as they are, not compressed.
 */
export interface Image extends ImageDraft {
  /** The whole root filesystem as one tar, whatever layers it is packaged in. */
  readonly rootfs: Rootfs;
  /** The rootfs alone, or the layer of a base and what makes the rootfs of it; the lowest first. */
  readonly layers: readonly Layer[];
  readonly config: Blob;
  readonly manifest: Blob;
  /** Annotations of the manifest, in every form. */
  readonly annotations?: Annotations;
  /** The layers, or the rootfs, in the compressions that outputs asked for; none when left out. */
  readonly packed?: readonly PackedTar[];
  /** The forms of the image that outputs asked for besides this one, in the order of `compressions`. */
  readonly forms?: readonly ImageForm[];
}
