import type { ZodType } from 'zod';
import type { ByteString } from '../base/byte-string.ts';
import type { Io } from '../base/events.ts';
import type { JsonRecord } from '../base/json.ts';
import type { Platform, PlatformName } from '../base/platform.ts';
import type { ReleaseSupport } from '../base/release-support.ts';
import type { Step } from '../engines/step.ts';
import type { Claim } from '../packages/claim.ts';
import type {
  GeneratedRule,
  InstalledPackage,
  LicenceOf,
  LockedInput,
  SignedIndex,
} from '../packages/contract.ts';
import type { Distro } from '../packages/distro.ts';
import type { SetProof } from '../packages/proof.ts';
import type { RunSources } from '../packages/sources.ts';
import type { From, RecipeKind } from '../recipe/kind.ts';
import type { LeftOut } from '../rootfs/left-out.ts';
import type { RootfsView } from '../rootfs/view.ts';
import type { BuildContext, StepContext } from '../steps/builder.ts';
import type { ShellPlace } from '../steps/shell-place.ts';
import type { Download } from '../store/blobs/download-blob.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from '../tar/entry.ts';
import type { Component, FileDigests, LinkedPart, Unattributed } from './component.ts';

/** The recipe that `mkbase init` writes for a kind, below its head, and the files that it names. */
export interface Starter {
  readonly description: string;
  readonly recipe: string;
  /** Name beside the recipe → contents. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * A kind of recipe: what `from:` can say. `S` is its part of the recipe, `L` its part of the lock. This
 * half is read with every recipe and lock; the half that builds comes with `load`.
 */
export interface Kind<S = unknown, L = unknown> extends RecipeKind<S> {
  /** Names the kind of a recipe for people, where its own name does not say it. */
  title?(source: S): string;
  /** Validates its part wherever a lock is read. */
  readonly lockSchema: ZodType<L>;
  /** Says whether a part of a lock can have come from these fields; its request is compared elsewhere. */
  fits?(source: S, locked: L, packages: readonly string[]): boolean;
  /**
   * Returns the fields of the recipe that a lock's request states whole, where only some fields choose inputs.
   * `asked` is that request, which nobody has checked.
   */
  stated?(locked: L, asked: JsonRecord): JsonRecord;
  /**
   * Says whether a lock of this recipe, which adds packages or a tree to its base, tells what the base alone is made
   * from; it does not where the two are chosen together, nor when this is left out.
   */
  tellsBase?(source: S, base: BaseAsked): boolean;
  /** Returns the part of a lock that would pin the base alone, for recipes of which `tellsBase` is true. */
  lockedBase?(locked: L, base: BaseAsked): From;
  /** Returns a part of a lock with the base pinned as told, where the base is pinned apart. */
  onLockedBase?(locked: L, pinned: From): L;
  /** Returns every input that it pins, in the lock's order. */
  inputs(locked: L): readonly LockedInput[];
  /** Returns the signed indexes and signatures that the inputs are believed for. */
  indexes(locked: L): readonly SignedIndex[];
  /** Returns the date of the inputs, seconds since 1970; undefined for a kind without one. */
  date(locked: L): number | undefined;
  /** Returns until when the release is supported that is pinned, where the recipe follows the newest one. */
  pinnedSupport?(locked: L): ReleaseSupport | undefined;
  /** Returns the distribution of the packages, where it follows from the lock. */
  distro?(locked: L): Distro | undefined;
  /** Returns the distribution whose mirror `--mirror` names; undefined for the builder's. */
  distribution(source: S): string | undefined;
  /**
   * Returns the platforms that there are inputs for, as far as that is known before a lock is made; undefined
   * where nothing is known against any.
   */
  platforms?(source: S): readonly PlatformName[] | undefined;
  /** Names of those that can make the tree, the usual one first; all come to the same bytes. One if left out. */
  readonly makers?: readonly [string, ...string[]];
  /** Returns the programs that the recipe names with their modes: path in the image → mode. */
  programs?(source: S, name: string): ReadonlyMap<string, number>;
  starter(name: string): Starter;
  load(): Promise<KindWork<S, L>>;
}

/** The base of a recipe, and the packages that the recipe adds to its own. */
export interface BaseAsked {
  readonly from: From;
  readonly packages: readonly string[];
  readonly added: readonly string[];
}

/** A request of a recipe, or of a toolchain, to its kind. */
export interface Wanted<S = unknown> {
  /** Name of the recipe. */
  readonly name: string;
  readonly source: S;
  /** `packages:` of the recipe. */
  readonly packages: readonly string[];
  /** The folder that paths in `source` start from; absolute. */
  readonly folder: string;
  readonly platform: Platform;
}

/** A recipe's request, and the inputs that the lock pins for it. */
export interface Pinned<S = unknown, L = unknown> extends Wanted<S> {
  readonly locked: L;
  /** No time in the image is later; seconds since 1970. */
  readonly epoch: number;
}

/**
 * Runs a step in the recipe's own builder, which is fetched and made first where the engine does not
 * have it yet. `consume` gets the step's stdout and must read it to the end. Errors as Engine.runStep,
 * and those of fetching.
 */
export type RunInBuilder = <T>(
  step: Omit<Step, 'toolchain'>,
  consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>,
  io: Io,
) => Promise<T>;

/** The sources, the builder and the folder that pinning works with. */
export interface ResolveContext {
  readonly sources: RunSources;
  readonly runInBuilder: RunInBuilder;
  /**
   * Returns the bytes of a locked package that the recipe's own builder is made from, by its name. Errors:
   * those of fetching; the stream ends as Store.read's does.
   */
  readonly builderPackage: (name: string, io: Io) => Promise<AsyncIterable<Uint8Array>>;
  /** An empty folder of this run's own. */
  readonly folder: string;
}

/** The tree that a build made, and facts that only the builder knows. */
export interface Built {
  readonly entries: Entry[];
  /** Entries that are laid over these. */
  readonly over?: readonly Entry[];
  /** Paths that the kind takes out of every tree and that a program may miss. */
  readonly leftOut?: readonly LeftOut[];
  /** Facts about the build for the kind's `parts`. */
  readonly record?: unknown;
}

/** A locked set that the builder was made from. */
export interface BuilderInputs {
  readonly inputs: readonly LockedInput[];
  readonly distro: Distro | undefined;
}

/** A file beside the recipe, and the sha256 of its bytes. */
export interface FileBeside {
  /** As the recipe names it, relative to its own folder. */
  readonly path: string;
  readonly sha256: string;
}

/** The rootfs that an inventory asks a kind about, and its sources. */
export interface PartsContext {
  readonly view: RootfsView;
  /** Holds the locked inputs; undefined where they are not at hand, and only the rootfs can tell. */
  readonly store: Store | undefined;
  /** The recipe's own file: its name, and the sha256 of its bytes. */
  readonly recipe: { readonly file: string; readonly sha256: string };
  /** Names of the families whose database the rootfs has. */
  readonly families: ReadonlySet<string>;
  /** The value of `Built.record`. */
  readonly record: unknown;
  readonly builder: BuilderInputs | undefined;
  /** The builder's packages by name that programs are said to be linked from, where `record` is missing. */
  readonly linked?: ReadonlyMap<string, readonly LinkedPart[]> | undefined;
  /** Files beside the recipe, where the recipe's folder is not at hand. */
  readonly filesBeside?: readonly FileBeside[] | undefined;
}

/** Says whether an entry that no package claims belongs to a component. */
export type OwnsEntry = (entry: Entry, digests: FileDigests | undefined) => boolean;

/** Facts that a kind knows of a rootfs and no package database in it records. */
export interface KindParts {
  /** Packages without a database. */
  readonly packages: readonly InstalledPackage[];
  /** Paths that making the rootfs is known to write besides. */
  readonly generated: readonly GeneratedRule[];
  /** Finds licences in the locked files, by the name of the family, where the rootfs may lack them. */
  readonly licences: ReadonlyMap<string, LicenceOf>;
  /** Set where a step of the build itself writes files. */
  readonly madeByBuild: boolean;
  /** Components that are always listed: programs, and what was linked into them. */
  readonly components: readonly Component[];
  readonly claims: readonly Claim[];
  readonly unattributed: readonly Unattributed[];
  /** A component that is listed where it owns a path, and which paths it owns. */
  readonly archive: { readonly component: Component; readonly owns: OwnsEntry } | undefined;
}

/** The parts of a kind whose packages stand in a database, and that makes nothing besides. */
export const noParts: KindParts = {
  packages: [],
  generated: [],
  licences: new Map(),
  madeByBuild: false,
  components: [],
  claims: [],
  unattributed: [],
  archive: undefined,
};

/** The half of a kind that pins, builds and takes stock. */
export interface KindWork<S = unknown, L = unknown> {
  /** Pins every outside input. Errors: those of the family (SOURCE_*, PACKAGE_*, OFFLINE) and of steps. */
  resolve(wanted: Wanted<S>, context: ResolveContext, io: Io): Promise<L>;
  /** Returns what to download for the locked inputs; places of this run come before the lock's. */
  downloads(wanted: Wanted<S>, locked: L, sources: RunSources): Promise<readonly Download[]>;
  /**
   * Follows the chain of signatures for every locked input, from the keys that the recipe believes: out of
   * the store, and unless `sources` are offline from wherever the pinned bytes may be. Returns what was
   * seen of each; what the lock itself says of signatures is a claim that is compared, and never believed.
   */
  prove(wanted: Wanted<S>, locked: L, sources: RunSources, io: Io): Promise<SetProof>;
  /** Returns the indexes that the signed ones name, as far as the store has them: for bundles. */
  indexFiles(
    wanted: Wanted<S>,
    locked: L,
    sources: RunSources,
    io: Io,
  ): Promise<readonly { readonly sha256: string; readonly name: string }[]>;
  /**
   * Returns a newer part of a lock in which only packages built from the sources of these names are
   * newer.
   */
  update(before: L, after: L, sources: ReadonlySet<string>): L;
  /** Makes the tree out of the locked inputs, which are in the store: the kind's one node. */
  build(pinned: Pinned<S, L>, context: BuildContext, io: Io): Promise<Built>;
  /** Describes the place in the builder in which the recipe's own commands run, before the first of them. */
  workFolder?(pinned: Pinned<S, L>, context: StepContext, io: Io): Promise<ShellPlace>;
  /** Says that a shell opens there unless the tree is asked for, since the tree is programs and nothing around them. */
  readonly opensInBuilder?: true;
  /** Tells whether packages are never installed: what stands at a package database's path then lists none. */
  unpacks?(source: S): boolean;
  /** Returns the paths that may have special bits, or `listed` for all that signed packages bring. */
  special(wanted: Pick<Wanted<S>, 'name' | 'source'>): 'listed' | readonly ByteString[];
  /** Returns the parts of the rootfs that no package database in it records. */
  parts(wanted: Wanted<S>, locked: L, context: PartsContext, io: Io): Promise<KindParts>;
}

/** The toolchain for work on whole root filesystems: it has a shell, tar and coreutils. */
export const rootfsBuilder = 'rootfs';
