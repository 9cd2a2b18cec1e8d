import { type PlatformName, platforms } from '../base/platform.ts';
import { type Blob, describe, jsonBlob, mediaTypes } from '../oci/blob.ts';
import type { ImageSettings } from '../recipe/schema/schema.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { type Annotations, timestamp } from './annotations.ts';
import type { Image, ImageConfig, ImageDraft, Layer } from './image.ts';
import { toImageConfig } from './process-config.ts';

export interface ComposeOptions {
  readonly platform: PlatformName;
  /** Seconds since 1970. */
  readonly created: number;
  /** The recipe's name; it stands in the history and in a label. */
  readonly recipe: string;
  /** Digest of the inputs that the lock pins, 64 hexadecimal digits; it stands in the history. */
  readonly lockDigest?: string;
  /** Annotations of the manifest. */
  readonly annotations?: Annotations;
}

/** The layers of an image that keeps those of its base. */
export interface LayersOnBase {
  /** Name of the base's recipe; it stands in the history. */
  readonly base: string;
  /** The base's layer, and the one that makes the rootfs of it. */
  readonly layers: readonly Layer[];
}

/** Returns the platform as configs and index entries name it. */
export function ociPlatform(name: PlatformName) {
  const { ociArchitecture, ociVariant } = platforms[name];
  return { architecture: ociArchitecture, os: 'linux', ...(ociVariant && { variant: ociVariant }) };
}

/** Returns the line that `docker history` shows for the layer. */
const commentOf = ({ recipe, lockDigest }: ComposeOptions): string =>
  `mkbase: recipe ${recipe}${lockDigest === undefined ? '' : `, lock sha256:${lockDigest}`}`;

/** Returns a line of the history for each layer, that of a base first. */
function historyOf(base: string | undefined, options: ComposeOptions) {
  const created = timestamp(options.created);
  const own = { created, created_by: `mkbase ${options.recipe}`, comment: commentOf(options) };
  if (base === undefined) return [own];
  return [{ created, created_by: `mkbase ${base}`, comment: `mkbase: base ${base}` }, own];
}

function configBlob(
  layers: readonly Layer[],
  base: string | undefined,
  config: ImageConfig,
  options: ComposeOptions,
): Blob {
  return jsonBlob(mediaTypes.config, {
    ...ociPlatform(options.platform),
    created: timestamp(options.created),
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: historyOf(base, options),
  });
}

function manifestBlob(
  layers: readonly Layer[],
  config: Blob,
  { annotations }: ComposeOptions,
): Blob {
  return jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: describe(config),
    layers: layers.map(({ diffId: digest, size }) => ({
      mediaType: mediaTypes.layer,
      digest,
      size,
    })),
    ...(annotations && { annotations }),
  });
}

/**
 * Packages a rootfs as an image, of one layer or on the layer of a base: an OCI image config and manifest
 * (image-spec 1.1). Both are functions of the arguments alone, so equal arguments give equal digests on any
 * machine.
 */
export function composeImage(
  rootfs: Rootfs,
  settings: ImageSettings,
  options: ComposeOptions,
  onBase?: LayersOnBase,
): Image {
  return imageWithConfig(rootfs, toImageConfig(settings, options.recipe), options, onBase);
}

const draftWithConfig = (settings: ImageConfig, options: ComposeOptions): ImageDraft => ({
  platform: options.platform,
  created: options.created,
  comment: commentOf(options),
  settings,
});

/** Returns what `composeImage` will say of an image whose root filesystem is still being made. */
export const draftImage = (settings: ImageSettings, options: ComposeOptions): ImageDraft =>
  draftWithConfig(toImageConfig(settings, options.recipe), options);

/** Packages a rootfs, as `composeImage` does, with a config that is already in OCI's words. */
export function imageWithConfig(
  rootfs: Rootfs,
  config: ImageConfig,
  options: ComposeOptions,
  onBase?: LayersOnBase,
): Image {
  const layers = onBase?.layers ?? [rootfs];
  const blob = configBlob(layers, onBase?.base, config, options);
  return {
    ...draftWithConfig(config, options),
    rootfs,
    layers,
    config: blob,
    manifest: manifestBlob(layers, blob, options),
  };
}
