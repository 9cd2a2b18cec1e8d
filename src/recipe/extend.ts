import { type From, kindIn, type RecipeKind, sourceOf, withSource } from './kind.ts';
import type { Placed } from './placed.ts';
import type { Recipe, RecipeFile } from './recipe.ts';
import type { ImageSettings, RecipeFields } from './schema/schema.ts';
import { stacked } from './stack.ts';

/** The checked fields of a recipe that extends another, and its own file. */
type Extending = Omit<RecipeFields, 'files'> & Placed & Pick<Recipe, 'origin'>;

/** Merges image settings. A new entrypoint drops the inherited command, as in a Dockerfile. */
function extendImage(base: ImageSettings, own: ImageSettings): ImageSettings {
  const { cmd: _, ...withoutCmd } = base;
  const inherited = own.entrypoint !== undefined ? withoutCmd : base;
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return {
    ...inherited,
    ...given,
    env: { ...base.env, ...own.env },
    labels: { ...base.labels, ...own.labels },
    annotations: { ...base.annotations, ...own.annotations },
    expose: [...new Set([...base.expose, ...own.expose])],
    volumes: [...new Set([...base.volumes, ...own.volumes])],
  };
}

/** Returns the base's files without those that the recipe replaces, then the recipe's own. */
function extendFiles({ files, origin }: Recipe, own: Placed['files']): RecipeFile[] {
  const replaced = new Set(own.map(({ path }) => path));
  const kept = files.filter(({ path }) => !replaced.has(path));
  return [...kept.map((file) => ({ ...file, beside: file.beside ?? origin })), ...own];
}

/** Returns the folders of both, if there are any. */
function joinedFolders(base: Recipe, own: Placed): Pick<Recipe, 'folders'> {
  const folders = [...(base.folders ?? []), ...(own.folders ?? [])];
  return folders.length === 0 ? {} : { folders };
}

/** Returns the base's `from:`, or the recipe's own laid over it, and the recipe that holds it. */
function extendFrom(
  base: Recipe,
  { from: top, origin }: Extending,
  kinds: readonly RecipeKind[],
): Pick<Recipe, 'from' | 'fromOrigin'> {
  const from = inheritedFrom(base, kinds);
  if (top === undefined) return { from, fromOrigin: base.fromOrigin };
  return { from: stacked(from, top, 1 + base.ancestors.length, kinds), fromOrigin: origin };
}

function inheritedFrom({ from, name }: Recipe, kinds: readonly RecipeKind[]): From {
  const kind = kindIn(kinds, from);
  return kind.inherited ? withSource(from, kind.inherited(sourceOf(from), name)) : from;
}

/**
 * Puts the fields of a recipe on top of another's (`extends:`). Lists grow, the base's first: packages,
 * files (one of the same path is replaced), accounts, slim, run. In `image`, what the recipe states
 * takes the place of the base's, names of ENV and LABEL one by one, and `about` that of the base's as a whole. Name, description and tests
 * are the recipe's own: the base's tests may call what the recipe has replaced. A `from` of its own is laid
 * over the base's tree.
 */
export function extendRecipe(
  base: Recipe,
  own: Extending,
  kinds: readonly RecipeKind[],
): Omit<Recipe, 'origin' | 'ancestors'> {
  const { extends: _, from: __, origin: ___, ...fields } = own;
  const { epoch = base.epoch, platforms = base.platforms, about = base.about, ...rest } = fields;
  return {
    ...rest,
    ...(about !== undefined && { about }),
    ...(epoch !== undefined && { epoch }),
    ...(platforms !== undefined && { platforms }),
    ...extendFrom(base, own, kinds),
    packages: [...new Set([...base.packages, ...own.packages])],
    files: extendFiles(base, own.files),
    ...joinedFolders(base, own),
    accounts: {
      users: [...base.accounts.users, ...own.accounts.users],
      groups: [...base.accounts.groups, ...own.accounts.groups],
    },
    slim: [...base.slim, ...own.slim],
    run: [...base.run, ...own.run],
    image: extendImage(base.image, own.image),
  };
}
