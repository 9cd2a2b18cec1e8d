import type { Io } from '../../base/events.ts';
import type { PlatformName } from '../../base/platform.ts';
import type { StoredImage } from '../image-store.ts';
import type { Dialect, EngineFacts } from './dialect.ts';

/** The part of an image's description that is read; docker and podman, CLI and API have the same members. */
export interface ImageDescription {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Comment?: string;
  readonly Architecture?: string;
  readonly RootFS?: { readonly Layers?: readonly string[] | null };
  readonly GraphDriver?: { readonly Data?: { readonly UpperDir?: string } | null };
  /** Podman shows it here, and docker in the config. */
  readonly Healthcheck?: object | null;
  readonly Config?:
    | (Readonly<Record<string, unknown>> & { readonly Labels?: Record<string, string> | null })
    | null;
}

/** Completes an image id: podman leaves the algorithm out. */
export const withAlgorithm = (id: string) => (id.startsWith('sha256:') ? id : `sha256:${id}`);

/** podman's name for images that came from no registry. */
const localRegistry = /^localhost\//;

/**
 * Matches the folder in which podman keeps the bytes of a layer; its overlay driver names that of a first
 * layer by the sha256 that it computed itself (containers/image, storage_dest.go).
 */
const overlayFolder = /\/overlay\/([0-9a-f]{64})\/diff$/;

/** An image, and the comment of its import. */
export type InspectedImage = StoredImage & { readonly comment: string };

/** Reads an image's description. */
export function readDescription(image: ImageDescription): InspectedImage {
  const storedLayer = overlayFolder.exec(image.GraphDriver?.Data?.UpperDir ?? '')?.[1];
  return {
    id: withAlgorithm(image.Id),
    diffIds: image.RootFS?.Layers ?? [],
    labels: image.Config?.Labels ?? {},
    tags: (image.RepoTags ?? []).map((tag) => tag.replace(localRegistry, '')),
    config: { ...image.Config, ...(image.Healthcheck && { Healthcheck: image.Healthcheck }) },
    comment: image.Comment ?? '',
    ...(image.Architecture && { architecture: image.Architecture }),
    ...(storedLayer && { storedLayer }),
  };
}

/** Returns what an engine says that it loaded: an image's id or its reference. */
export const loadedReference = (printed: string): string | undefined =>
  /^Loaded image(?: ID|\(s\))?: (\S+)$/m.exec(printed)?.[1];

/** The settings of an import. */
export interface ImportSettings {
  /** Dockerfile instructions, one each. */
  readonly changes: readonly string[];
  readonly message: string;
  /** Left out for the engine's own. */
  readonly platform?: PlatformName;
}

/** The images that a listing is asked for. */
export type ImageFilter = { readonly dangling: true } | { readonly label: string };

/**
 * The requests to docker or podman, by CLI or by the API on a socket. Each rejects with ENGINE_FAILED,
 * NO_SPACE or INTERRUPTED.
 */
export interface Client {
  /** Describes an image by its id or reference; undefined when it is not there. */
  inspectImage(reference: string, io: Io): Promise<InspectedImage | undefined>;
  /** Describes several images by id; those that are not there any more are left out. */
  inspectImages(ids: readonly string[], io: Io): Promise<InspectedImage[]>;
  /** Lists ids, each once. */
  imageIds(filter: ImageFilter, io: Io): Promise<readonly string[]>;
  /** Lists the references of all images, as the engine writes them. */
  imageTags(io: Io): Promise<readonly string[]>;
  /** Imports a tar as an image of one layer, without a tag; resolves to its id. */
  importImage(tar: AsyncIterable<Uint8Array>, settings: ImportSettings, io: Io): Promise<string>;
  /** Loads an archive; resolves to what the engine says about it. */
  loadImage(file: string, io: Io): Promise<string>;
  tagImage(id: string, reference: string, io: Io): Promise<void>;
  /** Takes a tag off and leaves the image; one that is not there is no error. */
  untagImage(reference: string, io: Io): Promise<void>;
  /** Removes an image, with `force` under whatever tags; resolves to whether it was there. */
  removeImage(id: string, options: { readonly force?: true }, io: Io): Promise<boolean>;
  /** Lists the names of all containers with a label. */
  containerNames(label: string, io: Io): Promise<readonly string[]>;
  /** Removes a container at once and in any state; resolves to whether it was there. */
  removeContainer(name: string, io: Io): Promise<boolean>;
}

/** A client, and the engine behind it. */
export interface EngineClient {
  readonly client: Client;
  readonly dialect: Dialect;
  readonly facts: EngineFacts;
}
