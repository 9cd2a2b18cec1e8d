import type { EngineName } from './engines/engine.ts';
import type { Io, Stage, Warning } from './events.ts';
import type { PlatformName } from './platform.ts';

/** Where a finished image goes. */
export type Output =
  /** `docker import` into the engine's store. */
  | { readonly type: 'import' }
  /** An archive that loads everywhere, with a stable image ID; loaded if an image store is there. */
  | { readonly type: 'docker'; readonly dest?: string }
  /** An OCI image layout, as one archive or, when `dest` ends in a slash, as a folder. */
  | { readonly type: 'oci'; readonly dest?: string }
  /** The canonical rootfs tar. */
  | { readonly type: 'rootfs'; readonly dest?: string };

/** What a person asked for with `mkbase build`. */
export interface BuildRequest {
  /** A built-in's name or the path of a recipe file or folder. */
  readonly recipe: string;
  readonly platform?: PlatformName;
  readonly engine: EngineName | 'auto';
  /** Empty: `import` with an image store, `oci` without. */
  readonly outputs: readonly Output[];
  /** Folder for files; `mkbase-out/<recipe>` when left out. */
  readonly out?: string;
  /** Full references; `mkbase/<recipe>:latest` when empty. */
  readonly tags: readonly string[];
  /** Debian mirror root. */
  readonly mirror?: string;
  readonly offline: boolean;
  /** Neither the lock in the output folder nor the result of an earlier build is used. */
  readonly noCache: boolean;
  /** Leave the recipe's smoke tests out. */
  readonly noTest: boolean;
}

export interface PlacedOutput {
  readonly type: Output['type'];
  /** Path of the file or folder, or the reference in the image store. */
  readonly dest: string;
  /** Bytes, for files. */
  readonly size?: number;
}

export interface TestOutcome {
  /** The command as a person would type it. */
  readonly command: string;
  readonly passed: boolean;
  /** Why it failed. */
  readonly problem?: string;
}

/** The one JSON object of `--json`. */
export interface BuildResult {
  readonly recipe: string;
  readonly platform: PlatformName;
  readonly engine: EngineName;
  readonly tags: readonly string[];
  /** ID in the engine's image store; null without one. */
  readonly imageId: string | null;
  readonly diffId: string;
  readonly manifestDigest: string;
  /** Sum of the sizes of the files in the rootfs. */
  readonly rootfsBytes: number;
  readonly outputs: readonly PlacedOutput[];
  readonly outDir: string;
  readonly tests: readonly TestOutcome[];
  readonly warnings: readonly Warning[];
  /** Everything was there already; nothing was built. */
  readonly cached: boolean;
  /** Milliseconds by stage. */
  readonly timings: Readonly<Partial<Record<Stage | 'total', number>>>;
}

/** Builds one image from a recipe. */
export type BuildImage = (request: BuildRequest, io: Io) => Promise<BuildResult>;
