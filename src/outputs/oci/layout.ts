import { canonicalJson } from '../../base/canonical-json.ts';
import { ociPlatform } from '../../image/compose-image.ts';
import type { Image } from '../../image/image.ts';
import { fullForm, type Reference, shortForm } from '../../image/reference.ts';
import { blobPath, describe, mediaTypes } from '../../oci/blob.ts';

/** The small files of an OCI image layout, by their path from its root. */
export type LayoutFiles = ReadonlyMap<string, Uint8Array>;

const json = (value: object) => Buffer.from(canonicalJson(value));

/** The file by which a folder is an OCI image layout (image-spec, image-layout.md). */
export const layoutMarker = 'oci-layout';

/**
 * Names as BuildKit writes them: the tag is what `skopeo` and `umoci` ask for, the whole name is
 * what containerd and podman give the image.
 */
const nameAnnotations = (reference: Reference) => ({
  'io.containerd.image.name': fullForm(reference),
  'org.opencontainers.image.ref.name': reference.tag,
});

function index(image: Image, references: readonly Reference[]) {
  const manifest = { ...describe(image.manifest), platform: ociPlatform(image.platform) };
  const named = references.map((reference) => ({
    ...manifest,
    annotations: nameAnnotations(reference),
  }));
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: named.length === 0 ? [manifest] : named,
  };
}

/** Returns the config and the manifest of a layout, which no name of the image changes. */
export const blobFiles = ({ config, manifest }: Image): LayoutFiles =>
  new Map([config, manifest].map(({ digest, bytes }) => [blobPath(digest), bytes]));

/** Returns the files of a layout besides its blobs. Without references the image has no name. */
export function layoutFiles(image: Image, references: readonly Reference[]): LayoutFiles {
  return new Map([
    ['index.json', json(index(image, references))],
    [layoutMarker, Buffer.from('{"imageLayoutVersion":"1.0.0"}')],
  ]);
}

/**
 * Returns `manifest.json` of a Docker archive (Docker image spec 1.2), which points into the OCI
 * layout's blobs. With it, engines that know no OCI layout load the archive too: Docker before 25.
 */
export function dockerManifest(image: Image, references: readonly Reference[]): LayoutFiles {
  const entry = {
    Config: blobPath(image.config.digest),
    RepoTags: references.map(shortForm),
    Layers: [blobPath(image.rootfs.diffId)],
  };
  return new Map([['manifest.json', json([entry])]]);
}
