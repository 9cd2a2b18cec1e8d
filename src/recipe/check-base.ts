import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { quoted } from '../base/characters.ts';
import { MkbaseError } from '../base/errors.ts';
import { suggest } from '../base/suggest.ts';
import { treesAt } from './check-files.ts';
import type { Span } from './diagnostics/excerpt.ts';
import type { Mistake } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';
import { findRecipe, isPath } from './find.ts';
import type { Loading } from './recipe.ts';
import { splitRelease } from './release.ts';
import { parentName } from './schema.ts';

/** A search for recipes, and those that are being read. */
export interface Search extends Loading {
  readonly root: string;
  /** Real paths of the files that extend the one being read, outermost first. */
  readonly inside: readonly string[];
}

/** A path's neighbours, of which one may have been meant. */
async function nearPath(path: string, folder: string): Promise<string | undefined> {
  const name = basename(path);
  const siblings = await readdir(dirname(resolve(folder, path))).catch(() => []);
  const meant = suggest(
    name,
    siblings.filter((sibling) => sibling !== name),
  );
  return meant === undefined ? undefined : `./${join(dirname(path), meant)}`.replace('./..', '..');
}

/** An error that is due to a word of the file, in the words of a mistake. */
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

/** That the recipe which `extends:` names is there, and is not one that extends this one. */
export async function checkBase(tree: Tree, folder: string, search: Search): Promise<Mistake[]> {
  const [at] = treesAt(tree, 'extends');
  const word = parentName.safeParse(at?.value);
  if (at === undefined || !word.success) return [];
  return mistakesOf(word.data, at.span, folder, search);
}
