import type { RecipeFields, ToolchainFields } from './schema.ts';

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

/** What is wanted: a recipe's checked fields and where they came from. */
export interface Recipe extends RecipeFields {
  readonly origin: Origin;
}

/** A builder: its rootfs as a `debs` recipe, and how its compiler is called. */
export interface Toolchain extends ToolchainFields {
  readonly origin: Origin;
}
