import type { Io } from '../base/events.ts';
import type { PlatformName } from '../base/platform.ts';
import type { EngineName } from '../engines/engine.ts';
import type { ImageStore } from '../engines/image-store.ts';
import type { Image, ImageDraft } from '../image/image.ts';
import type { ImageSet } from '../image/image-set.ts';
import type { Reference } from '../image/reference.ts';
import type { Attachment } from '../registry/artifact.ts';
import type { Environment } from '../store/transfer/agent.ts';

/** An output that a build is asked for: plain JSON, which names the request in the build cache. */
export interface OutputRequest {
  /** Name of the output. */
  readonly type: string;
  /** Absolute path, with a slash at its end for a folder; in the output folder when it is left out. */
  readonly dest?: string;
}

/** An output that is in its place. */
export interface PlacedOutput {
  readonly type: string;
  /** Path of the file or folder, or the reference in the image store or the registry. */
  readonly dest: string;
  /** Bytes, for files. */
  readonly size?: number;
}

/** The values of `--output` for the keys of one output, `type` apart. */
export interface OutputValues {
  readonly dest: string | undefined;
  /** Returns the value of a key of the output's own; undefined when it is not given. */
  get(key: string): string | undefined;
  /**
   * Throws USAGE with the text of the option and the reason. For a word that is none of `known` it
   * asks whether one of them was meant.
   */
  refuse(why: string, word?: string, known?: readonly string[]): never;
}

/** The folder, the names and the store to which the outputs of a build go. */
export interface OutputTarget {
  /** Holds the files of outputs that name no dest; made when it is missing. */
  readonly outDir: string;
  readonly references: readonly Reference[];
  /** The engine's image store, if it has one. */
  readonly store: ImageStore | undefined;
  /** Variables that say how places beyond this machine are reached; none when left out. */
  readonly env?: Environment;
}

/**
 * An output that is whole and checked, and not visible under its name yet. `commit` or `discard` is
 * called, and `discard` also after a `commit` that failed.
 */
export interface StagedOutput {
  readonly output: PlacedOutput;
  /** Id in the image store, when the image went there. */
  readonly imageId?: string;
  /** Gives it its name: renames the file, tags the image. */
  commit(): Promise<void>;
  /** Removes every trace of it. Never throws: it must not mask the error that is being thrown. */
  discard(): Promise<void>;
}

/** An image whose root filesystem is still being written. */
export interface ArrivingImage extends ImageDraft {
  /** Reads the tar, waiting for what is still to come; throws what the writer failed with. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** Work of an output that began before the image was whole. */
export interface Begun {
  /** Resolves to the id in the image store, of an image that is not checked yet and is the caller's now. */
  take(): Promise<string>;
  /** Stops the work and removes every trace of it, unless it was taken. Never throws. */
  discard(): Promise<void>;
}

/** Questions about an earlier build of the same request. */
export interface EarlierBuild {
  /** Returns whether a file or folder is as that build left it. */
  isUnchanged(path: string): Promise<boolean>;
  /** Returns whether the engine's store still holds the image under all its tags. */
  isStored(): Promise<boolean>;
  /** Variables that say how places beyond this machine are reached. */
  readonly env: Environment;
  readonly io: Io;
}

/** An image that an index lists, and the evidence that is attached to it. */
export interface DeliveredImage {
  /** `sha256:<hex>` of its manifest. */
  readonly digest: string;
  attachments(): Promise<readonly Attachment[]>;
}

/** An output that goes beyond this machine, and what accompanies it there. */
export interface Delivery<Request extends OutputRequest = OutputRequest> {
  readonly request: Request;
  readonly placed: PlacedOutput;
  /** Reads the evidence, and the signatures over it, as it is attached to what was placed. */
  attachments(): Promise<readonly Attachment[]>;
  /** The images of several platforms, where an index of them was placed. */
  readonly images?: readonly DeliveredImage[];
  readonly env: Environment;
}

/** Facts about a finished build from which a command for a person is made. */
export interface BuiltImage {
  readonly recipe: string;
  readonly platform: PlatformName;
  readonly engine: EngineName;
  readonly placed: PlacedOutput;
  /** The path of `placed` as a word of a shell. */
  readonly path: string;
  /** The command with which mkbase runs the image; undefined for an image that names no program. */
  readonly runCommand: string | undefined;
}

/**
 * A place that an image can go to. This is its light half, which every command may load; `stage`
 * imports the work when there is something to stage.
 */
export interface Output<Request extends OutputRequest = OutputRequest> {
  readonly name: string;
  /**
   * `file`: a file or folder at `dest`. `store`: the engine's image store; `remote`: a place beyond this machine;
   * neither takes a `dest`.
   */
  readonly place: 'file' | 'store' | 'remote';
  /** True if `--output` offers it; other outputs are asked for by commands of their own. */
  readonly isOption: boolean;
  /** Name of the folder for a `dest` that ends in a slash; undefined if it is always a file. */
  readonly folder?: string;
  /** Keys of `--output` beside `type` and `dest`. */
  readonly keys?: Readonly<Record<string, OutputKey>>;
  /** The reason why it holds no image of several layers, as a sentence; left out where it does. */
  readonly oneLayer?: string;
  /** True if `readImage` can read the image from the placed file or folder. */
  readonly holdsImage: boolean;
  /** Reads the values of `--output`; USAGE. */
  parse(values: OutputValues): Request;
  /** Begins with what needs no more than the bytes of the tar in their order; `stage` is given it. */
  begin?(image: ArrivingImage, target: OutputTarget, io: Io): Promise<Begun | undefined>;
  /**
   * Makes the output without showing it; `begun` is what `begin` returned. When it fails nothing is left.
   * Errors as `placeImage`.
   */
  stage(
    image: Image,
    request: Request,
    target: OutputTarget,
    io: Io,
    begun?: Begun,
  ): Promise<StagedOutput>;
  /**
   * Makes one output of the images of several platforms, without showing it; left out by an output that
   * holds one platform. When it fails nothing is left. Errors as `stage`.
   */
  stageSet?(set: ImageSet, request: Request, target: OutputTarget, io: Io): Promise<StagedOutput>;
  /** True if each of several platforms has one of its own, in its own folder, when no dest is given. */
  readonly isForEach?: true;
  /** Returns whether an output of an earlier build is still what that build made. */
  isCurrent(placed: PlacedOutput, earlier: EarlierBuild): Promise<boolean>;
  /**
   * Shows an output that goes beyond this machine, once its evidence is written and signed: what was staged and
   * committed gets its name there. It may be called again for an earlier build.
   */
  deliver?(delivery: Delivery<Request>, io: Io): Promise<void>;
  /** Returns the command that a person most likely types next; undefined when there is none. */
  nextCommand?(built: BuiltImage): string | undefined;
}

/** A key of `--output` that only some outputs take. */
export interface OutputKey {
  readonly values: readonly string[];
  /** The reason for which other outputs refuse it. */
  readonly elsewhere: string;
}
