import type { Io } from '../base/events.ts';
import type { PlatformName } from '../base/platform.ts';

/** An image as its store describes it. */
export interface StoredImage {
  /** `sha256:<hex>`. */
  readonly id: string;
  /** Layers' diffIDs, base first. */
  readonly diffIds: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** `name:tag` references that point at it. */
  readonly tags: readonly string[];
  /** The `config` object as the store reports it; without it the config goes unchecked. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** As OCI names it, for instance `arm64`; without it the platform goes unchecked. */
  readonly architecture?: string;
  /** sha256 of the topmost layer's bytes by which the store itself names the layer, if it shows that. */
  readonly storedLayer?: string;
}

/** The image store of a docker or podman engine. */
export interface ImageStore {
  /** The Dockerfile instructions that this store's `import --change` takes, for instance `CMD`. */
  readonly importInstructions: ReadonlySet<string>;

  /**
   * The way in which `--change` reads ENV, LABEL, WORKDIR and VOLUME. `escaped`: as words with escapes
   * and variables, as a Dockerfile has them (docker; the default). `literal`: only one pair of quotes
   * around a value is taken off (podman, libimage/image_config.go).
   */
  readonly importQuoting?: 'escaped' | 'literal';

  /**
   * `docker import`, untagged. `changes` are Dockerfile instructions, one each. Resolves to the
   * image's id; nothing about the image has been checked yet.
   */
  importTar(
    tar: AsyncIterable<Uint8Array>,
    options: {
      readonly changes: readonly string[];
      readonly message: string;
      readonly platform: PlatformName;
    },
    io: Io,
  ): Promise<string>;

  /** `docker load` of an archive on disk. Resolves to the loaded image's id. */
  loadArchive(file: string, io: Io): Promise<string>;

  /** By id or reference; undefined when the store has no such image. */
  inspect(reference: string, io: Io): Promise<StoredImage | undefined>;

  tag(id: string, reference: string, io: Io): Promise<void>;

  /** Takes a tag off; one that is not there is no error. */
  untag(reference: string, io: Io): Promise<void>;

  /** Removes an image by id if no tag points at it; one that is not there is no error. */
  removeUntagged(id: string, io: Io): Promise<void>;
}
