import { MkbaseError } from '../base/errors.ts';
import type { TreeBeside } from '../base/folder-tree.ts';
import type { HostPlatformName, PlatformName } from '../base/platform.ts';
import type { SingleOverlay } from './folder-overlays.ts';
import type { From, RecipeKind } from './kind.ts';
import type { RecipeFields, ToolchainFields, ToolchainSettings } from './schema/schema.ts';

/** The place and the digest of a recipe's file, so that others can point back at it. */
export interface Origin {
  /** Absolute path of the YAML file. */
  readonly file: string;
  /** Absolute path of the folder that the recipe's own paths start from. */
  readonly folder: string;
  /** True if it ships with mkbase. */
  readonly builtIn: boolean;
  /** sha256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
}

/**
 * A line of `files:`; `beside` is the recipe that it was inherited from, whose folder its source is in.
 */
export type RecipeFile = SingleOverlay & { readonly beside?: Origin };

/** A folder of which `files:` takes what is in it, and the recipe or toolchain that it stands beside. */
export interface TakenFolder {
  readonly origin: Origin;
  readonly tree: TreeBeside;
}

/** A recipe's checked fields, with those of the recipes that it extends, and their origins. */
export interface Recipe extends Omit<RecipeFields, 'from' | 'extends' | 'files'> {
  readonly from: From;
  /** A folder's files, folders and links stand here one by one. */
  readonly files: readonly RecipeFile[];
  /** The folders that they were listed from; left out where there is none. */
  readonly folders?: readonly TakenFolder[];
  readonly origin: Origin;
  /** The recipe that holds `from`: the paths in it start from that one's folder. */
  readonly fromOrigin: Origin;
  /** The recipes that this one extends, the nearest first. */
  readonly ancestors: readonly Origin[];
  /** The recipe that it extends, with all that that one extends; undefined for a recipe that stands alone. */
  readonly base?: Recipe;
  /**
   * The release that was chosen with the name, as in `alpine:3.20`; the recipe's own applies if left
   * out.
   */
  readonly release?: string;
}

/** The folders that recipes are read from, and the kinds that they can be of. */
export interface Loading {
  /** Absolute path of the folder that relative paths start from. */
  readonly cwd: string;
  readonly kinds: readonly RecipeKind[];
  /** The folder that holds `recipes/` and `toolchains/`; mkbase's own when left out. */
  readonly root?: string;
}

/** A builder: its rootfs as a recipe, and the commands of its compiler if it has one. */
export interface Toolchain extends Omit<ToolchainFields, 'files' | 'lacking'> {
  /** The platform that it runs on, where that is another one than the image's, for which it compiles then. */
  readonly platform?: HostPlatformName;
  readonly files: readonly SingleOverlay[];
  readonly folders?: readonly TakenFolder[];
  readonly origin: Origin;
}

/** Returns the platform that a builder runs on, of a toolchain for an image of `platform`. */
export const builderPlatform = (
  { platform: own }: Pick<Toolchain, 'platform'>,
  platform: PlatformName,
): PlatformName => own ?? platform;

/** Returns the commands of a toolchain's compiler. Throws RECIPE_INVALID if it has none. */
export function compilerOf({ name, origin, toolchain }: Toolchain): ToolchainSettings {
  if (toolchain !== undefined) return toolchain;
  throw new MkbaseError({
    code: 'RECIPE_INVALID',
    message: `${origin.file}: the toolchain ${name} has no compiler: it says nothing under "toolchain".`,
    hint: 'Name one that compiles, for instance gcc-musl, or add the block.',
    about: [name],
  });
}
