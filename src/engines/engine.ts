import type { Io, Warning } from '../base/events.ts';
import { namesOf } from '../base/names-of.ts';
import type { PlatformName } from '../base/platform.ts';
import type { ImageStore } from './image-store.ts';
import type { Step, ToolchainRef } from './step.ts';

export const engineName = namesOf({ docker: 1, podman: 2, namespace: 3 });
export type EngineName = keyof typeof engineName;

/** The engines in the order of preference. */
export const engineNames: readonly EngineName[] = Object.values(engineName);

/** An image that can be run: one in the engine's store, or a rootfs tar and its OCI image config. */
export type RunnableImage =
  | { readonly kind: 'stored'; readonly id: string; readonly platform: PlatformName }
  | {
      readonly kind: 'tar';
      /** Absolute path of the uncompressed rootfs tar. */
      readonly tar: string;
      /** The `config` object of the OCI image config. */
      readonly config: OciProcessConfig;
      readonly platform: PlatformName;
    };

/** The `config` object of an OCI image config (image-spec, config.md), as far as a run needs it. */
export interface OciProcessConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly WorkingDir?: string;
  readonly User?: string;
}

export interface RunOptions {
  /** Replaces Cmd when given. */
  readonly args?: readonly string[];
  /** Replaces Entrypoint when given. */
  readonly entrypoint?: readonly string[];
  /** Added to the image's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly timeoutSeconds?: number;
  /** `inherit`: the terminal's own streams, and nothing captured. */
  readonly stdio: 'capture' | 'inherit';
  /** `none` is for tests; a person's `mkbase run` gets the engine's default network. */
  readonly network: 'none' | 'default';
}

/** The end of a run. Output beyond 1 MiB a stream is cut. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** An image that is ready to be run. */
export interface OpenImage {
  /** Runs it, with nothing of an earlier run's. Errors: ENGINE_FAILED, INTERRUPTED, IO, NO_SPACE. */
  run(options: RunOptions, io: Io): Promise<RunResult>;
  /** Removes what was made for running it. */
  close(): Promise<void>;
}

/** Something that a killed run left behind and that was removed. */
export interface Leftover {
  readonly kind: 'container' | 'image' | 'folder' | 'control group';
  readonly id: string;
}

/** Something that stands on an engine where a builder stands; anybody may have put it there. */
export interface HeldToolchain {
  /** A tag or the name of a folder. */
  readonly name: string;
  /** The key that it carries; '' for none. */
  readonly key: string;
  /** sha256 of the tar of its tree, 64 hexadecimal digits; '' for what is not made as a builder is. */
  readonly tree: string;
}

/** The trees that an engine holds as builders, for steps that begin in them. */
export interface HeldTrees {
  /** Removes one, should it be there; never throws. */
  drop(tree: ToolchainRef, io: Io): Promise<void>;
}

/** Runs builders and images. Every method stops when `io.signal` aborts, and leaves nothing. */
export interface Engine {
  readonly name: EngineName;
  /** For people, for instance `docker 28.2.2 (context default)`. */
  readonly description: string;
  /** The platform of the machine that its containers run on. */
  readonly platform: PlatformName;
  /** Walls and limits that it cannot put up on this machine; `mkbase doctor` lists them. */
  readonly gaps: readonly Warning[];
  /** Each limit and wall, and by what it is enforced on this machine: `memory: control group`. */
  readonly enforcement: readonly string[];
  /** Left out where a step is sooner sent its tree than begun in one that the engine holds as a builder. */
  readonly heldTrees?: HeldTrees;
  /** Keeps images; the namespace engine has none. */
  readonly images?: ImageStore;

  /**
   * Tells whether the engine holds the builder whose tar has the sha256 `tree`, made as `addToolchain`
   * makes it. Anything else in its place is told as a warning, is not run and loses the place.
   */
  hasToolchain(toolchain: ToolchainRef, tree: string, io: Io): Promise<boolean>;

  /**
   * Makes the builder available and resolves to the sha256 of the bytes read. `tar` is read once, and
   * may reuse a chunk's memory for the next. The engine's own idea of the layer's digest (where it has
   * one) must equal that sha256, else IMAGE_MISMATCH and nothing is kept. `own` is a folder of this
   * run: an engine that keeps builders as folders makes it there, and takes none that it has, should
   * there be one of the same bytes.
   */
  addToolchain(
    toolchain: ToolchainRef,
    tar: AsyncIterable<Uint8Array>,
    io: Io,
    own?: string,
  ): Promise<string>;

  /**
   * Runs a step in a builder that this engine was asked for or was given before; `consume` gets its stdout and must read it to the end. Lines of stderr become `log`
   * events of stage `build`. A non-zero exit, a limit that was hit or a failed `consume` rejects
   * (BUILD_FAILED with the last lines of stderr in the message; ENGINE_FAILED when the engine and
   * not the build is to blame) and leaves nothing running.
   */
  runStep<T>(
    step: Step,
    consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>,
    io: Io,
  ): Promise<T>;

  /** Resolves when nothing of steps that have ended is being removed any more. */
  ended?(): Promise<void>;

  /** Makes an image ready to be run, as often as is asked for. */
  openImage(image: RunnableImage): OpenImage;

  /** Removes what killed runs of mkbase left until `now`; what a live run uses stays. */
  removeLeftovers(now: Date, io: Io): Promise<Leftover[]>;

  /** Lists everything that stands where builders stand. */
  listToolchains(io: Io): Promise<HeldToolchain[]>;

  /** Removes every toolchain that mkbase added to this engine, except the given keys. */
  removeToolchains(keep: ReadonlySet<string>, io: Io): Promise<Leftover[]>;
}

/** The reason why an engine cannot work here, and the cure. */
export interface Refusal {
  readonly reason: string;
  readonly cure: string;
}

/** One engine's answer to "can you work here?". */
export type Probe =
  | { readonly name: EngineName; readonly ok: true; readonly engine: Engine }
  | ({ readonly name: EngineName; readonly ok: false } & Refusal);
