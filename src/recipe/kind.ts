import type { ZodType } from 'zod';
import type { TreeBeside } from '../base/folder-tree.ts';
import type { Platform } from '../base/platform.ts';
import type { ReleaseSupport } from '../base/release-support.ts';

/** `from:` of a recipe: the kind's name, and under that name its checked fields. */
export interface From {
  readonly kind: string;
  readonly [name: string]: unknown;
}

/** Returns the checked fields that `from:` holds. */
export const sourceOf = ({ kind, ...from }: From): unknown => from[kind];

/**
 * The form of a path beside the recipe: `source` is a file that is compiled, `any` a file or folder,
 * `tree` a folder that is taken whole but for what `ignore` beside it names, `key` a file with public keys
 * that the recipe believes. A builder is sent `source`, `any` and `tree` as they are, so none can be a
 * symbolic link.
 */
export type PathForm = 'source' | 'file' | 'any' | 'tree' | 'key';

/** The release that a kind's fields name, and the choice of another. */
interface ReleaseChoice<S> {
  readonly form: ZodType<string>;
  readonly current: string;
  with(release: string): S;
  /** The digest that the recipe states of the current release, which no other release has. */
  readonly pinned?: string | undefined;
}

/** A mistake in a recipe, without its place. */
export interface KindProblem {
  readonly message: string;
  readonly hint: string;
}

/** A kind's use of `packages:`. */
interface AddedPackages<S> {
  /** Returns the reason why nothing can be added to such a source; undefined when packages can be. */
  problem?(source: S): KindProblem | undefined;
  /** Returns the form of a package's name, if the kind's is stricter than the recipe's. */
  form?(source: S): ZodType<string> | undefined;
  /** Returns the fields with the packages in them, for a kind that is a list of packages itself. */
  join?(source: S, packages: readonly string[]): S;
}

/** A toolchain as a recipe chooses it: by its name, or that one with more packages in it. */
export type ToolchainChoice =
  | string
  | {
      readonly extends: string;
      readonly packages: readonly string[];
      /** True for a builder that runs on the image's own platform, under emulation if need be. */
      readonly onTarget?: true;
    };

/** A kind of recipe: its fields, and the meaning of the recipe's other fields to it. */
export interface RecipeKind<S = unknown> {
  /** The key below `from:`. */
  readonly name: string;
  readonly schema: ZodType<S>;
  /** Fields that name files beside the recipe; `*` stands for every entry of a list. */
  readonly paths: Readonly<Record<string, PathForm>>;
  /** Returns the folders beside the recipe that are taken whole. */
  trees?(source: S): readonly TreeBeside[];
  /** Returns the toolchain that makes it with these packages added; undefined for none. */
  builder(source: S, packages: readonly string[]): ToolchainChoice | undefined;
  /** The field by which the recipe chooses the toolchain: its name, or `extends` and `packages`. */
  readonly toolchainField?: string;
  /** True for a kind that a builder can be made of: it needs no builder itself. */
  readonly makesToolchains?: true;
  /**
   * Returns the fields of a builder with more packages in it, for a kind that makes toolchains; `target` is
   * the platform that it compiles for, where it does not run there.
   */
  withTools?(source: S, packages: readonly string[], target?: Platform): S;
  readonly packages: AddedPackages<S>;
  release?(source: S): ReleaseChoice<S> | undefined;
  /** Returns until when the release is supported that packages come from; undefined where that is not known. */
  support?(source: S, now: Date): ReleaseSupport | undefined;
  /** Returns the reason why the recipe has to state `epoch`; undefined when the inputs state a date. */
  epochProblem?(source: S): string | undefined;
  /** Returns the fields as a recipe that extends `name` inherits them. */
  inherited?(source: S, name: string): S;
  /** True for a kind whose tree can be laid over another's: it brings programs and no system of its own. */
  readonly laidOver?: true;
  /** Packages that a compiler's toolchain needs to run this kind's steps as well. */
  readonly tools?: readonly string[];
  /**
   * Returns the fields of a tree laid over another; set for the one kind that does that, which no recipe
   * names. `below` is the number of recipes that the base is read from.
   */
  stacks?(base: From, top: From, below: number): S;
  /** Returns how many recipes lie below the one that holds `from:`; none when this is left out. */
  recipesBelow?(source: S): number;
  /** Returns the fields that choose inputs; all do when this is left out. */
  choosing?(source: S): unknown;
}

/** Returns the kind of a checked `from:`. */
export function kindIn<K extends RecipeKind>(kinds: readonly K[], { kind }: From): K {
  const found = kinds.find(({ name }) => name === kind);
  if (found === undefined) throw new Error(`there is no kind ${kind}`);
  return found;
}

/** Returns the kinds that a recipe can name under `from:`. */
export const namedKinds = (kinds: readonly RecipeKind[]): readonly RecipeKind[] =>
  kinds.filter(({ stacks }) => stacks === undefined);

/** Returns `from:` with other fields of the same kind. */
export const withSource = ({ kind }: From, source: unknown): From => ({ kind, [kind]: source });

/**
 * Returns what stands at a path of field names joined by dots; `*` stands for every entry of a list.
 */
function valuesAt(value: unknown, path: string): unknown[] {
  return path.split('.').reduce<unknown[]>(
    (values, name) =>
      values.flatMap((each) => {
        if (name === '*') return Array.isArray(each) ? each : [];
        if (typeof each !== 'object' || each === null) return [];
        return Object.hasOwn(each, name) ? [(each as Record<string, unknown>)[name]] : [];
      }),
    [value],
  );
}

/**
 * Returns the paths beside the recipe that a kind's fields name, without its trees; those of one form where
 * it is given.
 */
export const pathsOf = ({ paths }: RecipeKind, source: unknown, form?: PathForm): string[] =>
  Object.entries(paths)
    .filter(([, of]) => (form === undefined ? of !== 'tree' : of === form))
    .flatMap(([path]) => valuesAt(source, path))
    .filter((value) => typeof value === 'string');
