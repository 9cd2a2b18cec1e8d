import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { quoted } from '../base/characters.ts';
import { ioError, MkbaseError } from '../base/errors.ts';
import { withSlashes } from '../base/host.ts';
import { suggest } from '../base/suggest.ts';

/** A YAML file that was found. */
export interface Found {
  /** The name it goes by: the file's, or its folder's for `recipe.yaml`. */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  readonly builtIn: boolean;
}

const recipeFile = 'recipe.yaml';
const yamlEnding = /\.ya?ml$/;

/** Returns a file's type; undefined when there is none. Other failures surface when it is read. */
async function typeOf(path: string): Promise<'file' | 'folder' | undefined> {
  let stats: Stats;
  try {
    stats = await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const absent = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'];
    return code !== undefined && absent.includes(code) ? undefined : 'file';
  }
  return stats.isDirectory() ? 'folder' : 'file';
}

/** Tells whether a person named a file or folder rather than a recipe that ships with mkbase. */
export const isPath = (nameOrPath: string): boolean =>
  withSlashes(nameOrPath).includes('/') || /^\.\.?$|\.ya?ml$/.test(nameOrPath);

async function findByPath(path: string, cwd: string, root: string): Promise<Found> {
  const absolute = resolve(cwd, path);
  const type = await typeOf(absolute);
  if (type === undefined) {
    throw new MkbaseError({
      code: 'RECIPE_NOT_FOUND',
      message: `There is no recipe at ${quoted(path)}.`,
      hint: 'Name a YAML file, or a folder that holds recipe.yaml; `mkbase list` shows the recipes that ship with mkbase.',
    });
  }
  const file = type === 'folder' ? join(absolute, recipeFile) : absolute;
  if (type === 'folder' && (await typeOf(file)) === undefined) {
    throw new MkbaseError({
      code: 'RECIPE_NOT_FOUND',
      message: `The folder ${quoted(path)} holds no ${recipeFile}.`,
      hint: `Name the recipe's YAML file, or put it into the folder as ${recipeFile}.`,
    });
  }
  const name = basename(type === 'folder' ? absolute : absolute.replace(yamlEnding, ''));
  return { name, file, builtIn: file.startsWith(join(root, 'recipes') + sep) };
}

/** Lists the YAML files of one of mkbase's own folders, by name in byte order. */
async function builtInFiles(folder: string): Promise<Found[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw ioError(error, 'listing', folder);
  });
  const found = entries.map(async (entry): Promise<Found[]> => {
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith('.yaml')) {
      return [{ name: basename(path, '.yaml'), file: path, builtIn: true }];
    }
    const file = join(path, recipeFile);
    const holdsRecipe = entry.isDirectory() && (await typeOf(file)) === 'file';
    return holdsRecipe ? [{ name: entry.name, file, builtIn: true }] : [];
  });
  return (await Promise.all(found)).flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Lists the recipes that ship with mkbase. `root` is the folder that holds `recipes/`. */
export const builtInRecipes = (root: string): Promise<Found[]> =>
  builtInFiles(join(root, 'recipes'));

/** Lists the toolchains that ship with mkbase. `root` is the folder that holds `toolchains/`. */
export const builtInToolchains = (root: string): Promise<Found[]> =>
  builtInFiles(join(root, 'toolchains'));

/**
 * Finds a recipe. A word that has a slash, ends in .yaml or .yml, or is "." is a path, to a file or to
 * a folder that holds recipe.yaml; any other is the name of a recipe that ships with mkbase, so that a
 * file of that name in the working folder never changes the meaning of a name.
 *
 * Throws RECIPE_NOT_FOUND.
 */
export async function findRecipe(nameOrPath: string, cwd: string, root: string): Promise<Found> {
  if (isPath(nameOrPath)) return findByPath(nameOrPath, cwd, root);
  const recipes = await builtInRecipes(root);
  const found = recipes.find(({ name }) => name === nameOrPath);
  if (found !== undefined) return found;
  const names = recipes.map(({ name }) => name);
  const meant = suggest(nameOrPath, names);
  const nearby = nameOrPath !== '' && (await typeOf(resolve(cwd, nameOrPath))) !== undefined;
  const advice = nearby ? `For the one in this folder say ${quoted(`./${nameOrPath}`)}; ` : '';
  const question = meant === undefined ? '' : `Did you mean ${quoted(meant)}? `;
  throw new MkbaseError({
    code: 'RECIPE_NOT_FOUND',
    message: `No recipe named ${quoted(nameOrPath)} ships with mkbase.`,
    hint: `${advice || question}\`mkbase list\` shows them all; a recipe of your own is named by its path.`,
  });
}

/** Finds a toolchain: beside the recipe in `toolchains/`, else among those that ship with mkbase. */
export async function findToolchain(
  name: string,
  recipeFolder: string,
  root: string,
): Promise<Found | undefined> {
  const own = join(recipeFolder, 'toolchains', `${name}.yaml`);
  if ((await typeOf(own)) !== undefined) return { name, file: own, builtIn: false };
  return (await builtInToolchains(root)).find((toolchain) => toolchain.name === name);
}

/**
 * Finds the toolchain of a name that compiles for another platform than it runs on: beside the recipe in
 * `toolchains/cross/`, else among those that ship with mkbase. One of the user's own without such a file has
 * none, even if one of mkbase's has its name.
 */
export async function findCrossToolchain(
  name: string,
  recipeFolder: string,
  root: string,
): Promise<Found | undefined> {
  const native = await findToolchain(name, recipeFolder, root);
  if (native === undefined) return undefined;
  const folder = native.builtIn ? root : recipeFolder;
  const file = join(folder, 'toolchains', 'cross', `${name}.yaml`);
  return (await typeOf(file)) === undefined ? undefined : { ...native, file };
}
