import { MkbaseError } from '../base/errors.ts';
import type { From, RecipeKind } from './kind.ts';
import type { FileOverlay } from './schema/overlays.ts';
import type { RecipeFields, ToolchainFields, ToolchainSettings } from './schema/schema.ts';

/** Where a recipe stands and what its file held, so that others can point back at it. */
export interface Origin {
  /** Absolute path of the YAML file. */
  readonly file: string;
  /** Absolute path of the folder that the recipe's own paths start from. */
  readonly folder: string;
  /** Whether it ships with mkbase. */
  readonly builtIn: boolean;
  /** sha256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
}

/** A line of `files:`; `beside` is the recipe that it was inherited from, whose folder its source is in. */
export type RecipeFile = FileOverlay & { readonly beside?: Origin };

/** What is wanted: a recipe's checked fields, with those of the recipes that it adds to, and where they came from. */
export interface Recipe extends Omit<RecipeFields, 'from' | 'extends' | 'files'> {
  readonly from: From;
  readonly files: readonly RecipeFile[];
  readonly origin: Origin;
  /** The recipe that holds `from`: the paths in it start from that one's folder. */
  readonly fromOrigin: Origin;
  /** The recipes that this one adds to, the nearest first. */
  readonly ancestors: readonly Origin[];
  /** The release that was chosen with the name, as in `alpine:3.20`; else the recipe says which. */
  readonly release?: string;
}

/** Where recipes are read from, and the kinds that they can be of. */
export interface Loading {
  /** Paths start from it; absolute. */
  readonly cwd: string;
  readonly kinds: readonly RecipeKind[];
  /** The folder that holds `recipes/` and `toolchains/`; mkbase's own when left out. */
  readonly root?: string;
}

/** A builder: its rootfs as a recipe, and how its compiler is called where it has one. */
export interface Toolchain extends ToolchainFields {
  readonly origin: Origin;
}

/** How a toolchain's compiler is called. Throws RECIPE_INVALID for one that has none. */
export function compilerOf({ name, origin, toolchain }: Toolchain): ToolchainSettings {
  if (toolchain !== undefined) return toolchain;
  throw new MkbaseError({
    code: 'RECIPE_INVALID',
    message: `${origin.file}: the toolchain ${name} has no compiler: it says nothing under "toolchain".`,
    hint: 'Name one that compiles, for instance gcc-musl, or add the block.',
    about: [name],
  });
}
