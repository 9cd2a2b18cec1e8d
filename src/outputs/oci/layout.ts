import { canonicalJson } from '../../base/canonical-json.ts';
import { ociPlatform } from '../../image/compose-image.ts';
import type { Image, ImageForm } from '../../image/image.ts';
import type { ImageSet } from '../../image/image-set.ts';
import { fullForm, type Reference, shortForm } from '../../image/reference.ts';
import type { FilePart } from '../../oci/archive-files.ts';
import {
  type Blob,
  blobPath,
  type Descriptor,
  describe,
  layoutMarker,
  mediaTypes,
} from '../../oci/blob.ts';

/** The small files of an OCI image layout, by their path from its root. */
export type LayoutFiles = ReadonlyMap<string, Uint8Array>;

/** A blob of a layout, on disk or in memory; `sha256` is `sha256:<hex>` of its bytes. */
export type LayoutBlob = FilePart | { readonly sha256: string; readonly bytes: Uint8Array };

/** An OCI image layout: it holds one image, or the images of several platforms under one index. */
export interface Layout {
  /** Seconds since 1970; the time of each member of an archive. */
  readonly created: number;
  readonly blobs: readonly LayoutBlob[];
  /** Digest of the manifest or index that the layout is about. */
  readonly digest: string;
  /** Returns the files outside the blobs; without references the layout's contents have no name. */
  files(references: readonly Reference[]): LayoutFiles;
  /** Returns what makes a Docker archive of an archive of it, too; nothing where Docker's form cannot hold it. */
  dockerFiles(references: readonly Reference[]): LayoutFiles;
}

const json = (value: object) => Buffer.from(canonicalJson(value));

/**
 * Names as BuildKit writes them: the tag is what `skopeo` and `umoci` ask for, the whole name is
 * what containerd and podman give the image.
 */
const nameAnnotations = (reference: Reference) => ({
  'io.containerd.image.name': fullForm(reference),
  'org.opencontainers.image.ref.name': reference.tag,
});

function layoutFiles(top: Descriptor, references: readonly Reference[]): LayoutFiles {
  const named = references.map((reference) => ({
    ...top,
    annotations: nameAnnotations(reference),
  }));
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: named.length === 0 ? [top] : named,
  };
  return new Map([
    ['index.json', json(index)],
    [layoutMarker.name, Buffer.from(layoutMarker.text)],
  ]);
}

/**
 * Returns `manifest.json` of a Docker archive (Docker image spec 1.2), which points into the OCI
 * layout's blobs. With it, engines that know no OCI layout load the archive too: Docker before 25.
 */
function dockerManifest(
  config: Blob,
  layers: readonly FilePart[],
  references: readonly Reference[],
): LayoutFiles {
  const entry = {
    Config: blobPath(config.digest),
    RepoTags: references.map(shortForm),
    Layers: layers.map(({ sha256 }) => blobPath(sha256)),
  };
  return new Map([['manifest.json', json([entry])]]);
}

const blobOf = ({ digest, bytes }: Blob): LayoutBlob => ({ sha256: digest, bytes });

/** Returns the layout of one image in one of its forms. */
export function imageLayout(
  image: Pick<Image, 'config' | 'platform' | 'created'>,
  { layers, manifest }: Pick<ImageForm, 'layers' | 'manifest'>,
): Layout {
  const { config } = image;
  const top = { ...describe(manifest), platform: ociPlatform(image.platform) };
  return {
    created: image.created,
    blobs: [...layers, ...[config, manifest].map(blobOf)],
    digest: manifest.digest,
    files: (references) => layoutFiles(top, references),
    dockerFiles: (references) => dockerManifest(config, layers, references),
  };
}

/**
 * Returns the layout of images under one index. The index is a blob, which index.json names: so the layout
 * holds one thing, under any number of names, as BuildKit writes it and official images are taken.
 */
export function indexLayout({ index, images }: ImageSet): Layout {
  const parts = new Map(
    images.flatMap(({ blobs, manifest }) =>
      [...blobs, manifest].map((each) => [each.sha256, each]),
    ),
  );
  return {
    created: Math.max(...images.map(({ created }) => created)),
    blobs: [...parts.values(), blobOf(index)],
    digest: index.digest,
    files: (references) => layoutFiles(describe(index), references),
    dockerFiles: () => new Map(),
  };
}
