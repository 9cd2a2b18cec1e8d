import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, posix, resolve } from 'node:path';
import { quoted } from '../base/characters.ts';
import { MkbaseError } from '../base/errors.ts';
import { didYouMean, suggest } from '../base/suggest.ts';
import { treesAt } from './check.ts';
import type { Span } from './diagnostics/excerpt.ts';
import type { Mistake } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';
import { builtInToolchains, findRecipe, findToolchain, isPath } from './find.ts';
import type { RecipeKind } from './kind.ts';
import type { Loading } from './recipe.ts';
import { splitRelease } from './release.ts';
import { recipeName } from './schema/fields.ts';
import { parentName } from './schema/schema.ts';

/** A search for recipes, and those that are being read. */
export interface Search extends Loading {
  readonly root: string;
  /** Real paths of the files that extend the one being read, outermost first. */
  readonly inside: readonly string[];
}

/** Returns the path of a neighbour that may have been meant. */
async function nearPath(path: string, folder: string): Promise<string | undefined> {
  const name = basename(path);
  const siblings = await readdir(dirname(resolve(folder, path))).catch(() => []);
  const meant = suggest(
    name,
    siblings.filter((sibling) => sibling !== name),
  );
  return meant === undefined
    ? undefined
    : `./${posix.join(posix.dirname(path), meant)}`.replace('./..', '..');
}

/** Turns an error that is due to a word of the file into a mistake at that word. */
export function mistakeOf({ message, hint }: MkbaseError, span: Span): Mistake {
  const clause = message.replace(/^[A-Z]/, (first) => first.toLowerCase()).replace(/\.$/, '');
  return hint === undefined ? { span, message: clause } : { span, message: clause, hint };
}

async function absence(word: string, span: Span, folder: string, error: MkbaseError) {
  const mistake = mistakeOf(error, span);
  const { name } = splitRelease(word);
  const meant = isPath(name) ? await nearPath(name, folder) : undefined;
  return meant === undefined ? mistake : { ...mistake, hint: `did you mean ${quoted(meant)}?` };
}

async function mistakesOf(
  word: string,
  span: Span,
  folder: string,
  { root, inside }: Search,
): Promise<Mistake[]> {
  try {
    const { file } = await findRecipe(splitRelease(word).name, folder, root);
    if (inside.includes(await realpath(file))) {
      const message = `${quoted(word)} leads back to this recipe: each would add to the other`;
      return [{ span, message, hint: 'name a recipe that does not extend this one' }];
    }
    if (/\.ya?ml$/.test(file)) return [];
    return [{ span, message: `expected a YAML file, found ${quoted(word)}` }];
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== 'RECIPE_NOT_FOUND') throw error;
    return [await absence(word, span, folder, error)];
  }
}

/** Checks that the recipe which `extends:` names is there and does not extend this one. */
export async function checkBase(tree: Tree, folder: string, search: Search): Promise<Mistake[]> {
  const [at] = treesAt(tree, 'extends');
  const word = parentName.safeParse(at?.value);
  if (at === undefined || !word.success) return [];
  return mistakesOf(word.data, at.span, folder, search);
}

/** Words the mistake of a toolchain that is neither beside the recipe nor ships with mkbase. */
export async function unknownToolchain(name: string, root: string) {
  const names = (await builtInToolchains(root)).map((toolchain) => toolchain.name);
  const message = `there is no toolchain ${quoted(name)}`;
  const own = `toolchains/${name}.yaml beside the recipe`;
  return {
    message,
    hint: `expected one of ${names.join(', ')}, or ${own}${didYouMean(name, names)}`,
  };
}

/** Reports a toolchain that the recipe names and that is not there. */
export async function checkToolchain(
  tree: Tree,
  folder: string,
  root: string,
  kinds: readonly RecipeKind[],
): Promise<Mistake[]> {
  const [toolchain] = kinds.flatMap(({ name, toolchainField }) =>
    toolchainField === undefined ? [] : treesAt(tree, `from.${name}.${toolchainField}`),
  );
  const named = toolchain?.fields ? toolchain.fields.get('extends')?.tree : toolchain;
  const name = recipeName.safeParse(named?.value);
  if (named === undefined || !name.success) return [];
  if ((await findToolchain(name.data, folder, root)) !== undefined) return [];
  return [{ span: named.span, ...(await unknownToolchain(name.data, root)) }];
}

/** Checks that a toolchain has its file's name, by which recipes name it. */
export function checkName(tree: Tree, name: string): Mistake[] {
  const [stated] = treesAt(tree, 'name');
  if (stated === undefined || stated.value === name) return [];
  const message = `expected the name of the file, ${quoted(name)}`;
  return typeof stated.value === 'string' ? [{ span: stated.span, message }] : [];
}

/**
 * Reports downloads of a toolchain: a builder is named by the contents of its files before anything is
 * fetched.
 */
export const checkNoDownloads = (tree: Tree): Mistake[] =>
  treesAt(tree, 'files.*.url').map(({ span }) => ({
    span,
    message: "a toolchain's files are not fetched",
    hint: 'put the file beside the toolchain and name it with "source"',
  }));
