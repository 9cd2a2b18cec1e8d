import type { Stage, Warning } from '../base/events.ts';
import type { PlatformName } from '../base/platform.ts';
import type { EngineName } from '../engines/engine.ts';
import type { ReadySteps } from '../engines/ready-steps.ts';
import type { TestOutcome } from '../evidence/test-outcome.ts';
import type { Annotations } from '../image/annotations.ts';
import type { LayerCompression } from '../image/compress/compressions.ts';
import type { OutputRequest, PlacedOutput } from '../outputs/contract.ts';
import type { Visitor } from '../steps/visitor.ts';

/** Values of `--allow`. */
export const allowances = ['unsigned-archive', 'foreign-lock', 'revoked-key', 'ended'] as const;
export type Allowance = (typeof allowances)[number];

/** A request for a build, as `mkbase build` states it. */
export interface BuildRequest {
  /** A built-in's name or the path of a recipe file or folder. */
  readonly recipe: string;
  readonly platform?: PlatformName;
  readonly engine: EngineName | 'auto';
  /** Empty: an import into the engine's image store, else an OCI archive. */
  readonly outputs: readonly OutputRequest[];
  /** Folder for files; `mkbase-out/<recipe>` when left out. */
  readonly out?: string;
  /** Full references; `mkbase/<recipe>` with the release asked for or `latest` when empty. */
  readonly tags: readonly string[];
  /** Annotations of the manifest, and of the index of several platforms, beside the recipe's. */
  readonly annotations?: Annotations;
  /** Root of a mirror of the recipe's distribution. */
  readonly mirror?: string;
  readonly offline: boolean;
  /** Builds only from a lock that is there; never makes or replaces one. */
  readonly frozen?: boolean;
  /** Pins anew what the recipe itself changed since its lock was made; not offline. */
  readonly relocks?: true;
  /** A bundle of inputs that is used before any mirror. */
  readonly inputs?: string;
  /** Absolute path of a public key whose signature over the lock stands in for others. */
  readonly lockKey?: string;
  /** A policy's name or path; the image must be what it asks for. */
  readonly policy?: string;
  /** Absolute path of the file to which the policy's findings are written as SARIF. */
  readonly sarif?: string;
  /** Things to let pass that are refused otherwise. */
  readonly allow?: readonly Allowance[];
  /** Uses neither the lock in the output folder, nor the result of an earlier build, nor its builder. */
  readonly noCache: boolean;
  /** One of the makers of the recipe's kind; the usual one when left out. */
  readonly maker?: string;
  /** Keeps the layer of the recipe that this one extends; one layer when left out. */
  readonly layers?: 'base';
  /** Makes its own builder, even where there is one. */
  readonly ownBuilder?: true;
  /** Leaves the recipe's smoke tests out. */
  readonly noTest: boolean;
  /** Containers that are up for the steps of this build, among others. */
  readonly ready?: ReadySteps;
  /** Whoever is let into a step that fails. */
  readonly visitor?: Visitor;
  /** Signs the evidence of a build in its output folder, before anything goes beyond this machine. */
  readonly vouch?: (result: BuildResult) => Promise<void>;
}

/** A form of an image with compressed layers. */
export interface CompressedResult {
  readonly compression: LayerCompression;
  readonly manifestDigest: string;
  readonly layers: readonly {
    /** `sha256:<hex>` and length of the compressed layer. */
    readonly digest: string;
    readonly size: number;
  }[];
}

/** The one JSON object of `--json`. */
export interface BuildResult {
  readonly recipe: string;
  readonly platform: PlatformName;
  readonly engine: EngineName;
  readonly tags: readonly string[];
  /** ID in the engine's image store; null without one. */
  readonly imageId: string | null;
  /** Digest of the rootfs as one tar, which is that of the one layer where it is one. */
  readonly diffId: string;
  /** Digests of the uncompressed layers, the lowest first. */
  readonly diffIds: readonly string[];
  /** Names the image whose layers are not compressed; its config is that of every form. */
  readonly manifestDigest: string;
  /** The forms of the image with compressed layers that outputs hold; none when left out. */
  readonly compressed?: readonly CompressedResult[];
  /** Sum of the sizes of the files in the rootfs. */
  readonly rootfsBytes: number;
  readonly outputs: readonly PlacedOutput[];
  readonly outDir: string;
  readonly tests: readonly TestOutcome[];
  readonly warnings: readonly Warning[];
  /** True if everything was there already and nothing was built. */
  readonly cached: boolean;
  /** Milliseconds by stage. */
  readonly timings: Readonly<Partial<Record<Stage | 'total', number>>>;
}
