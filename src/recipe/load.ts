import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { core } from 'zod';
import { quoted } from '../base/characters.ts';
import { MkbaseError } from '../base/errors.ts';
import { packageRoot } from '../base/package-root.ts';
import { check, treesAt } from './check.ts';
import { checkAbout } from './check-about.ts';
import { checkAccounts, checkPackages, withPackages } from './check-additions.ts';
import { checkFiles } from './check-files.ts';
import {
  checkBase,
  checkName,
  checkNoDownloads,
  checkToolchain,
  mistakeOf,
  type Search,
  unknownToolchain,
} from './check-references.ts';
import { type CrossTarget, compilerFor, namedFor, requireTarget } from './cross.ts';
import { parseYaml } from './diagnostics/parse-yaml.ts';
import { type Mistake, recipeError, type SourceText } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';
import { extendRecipe } from './extend.ts';
import { type Found, findCrossToolchain, findRecipe, findToolchain } from './find.ts';
import { namedKinds, type RecipeKind } from './kind.ts';
import { type Placed, placedFiles } from './placed.ts';
import { readSource } from './read.ts';
import type { Loading, Origin, Recipe, Toolchain } from './recipe.ts';
import { splitRelease, withRelease } from './release.ts';
import { type RecipeFields, recipeSchema, toolchainSchema } from './schema/schema.ts';
import { checkStack } from './stack.ts';

/** Checks that go beyond the schema. */
type FurtherChecks = (tree: Tree) => Promise<Mistake[]>;

/** Applies all checks and throws all their mistakes in one error. */
async function checkAll<Schema extends core.$ZodType>(
  source: SourceText,
  schema: Schema,
  further: FurtherChecks,
): Promise<{ readonly fields: core.output<Schema>; readonly tree: Tree }> {
  const { tree, mistakes } = parseYaml(source);
  const { fields, mistakes: wrongFields } = check(schema, tree, source.text);
  const all = [...mistakes, ...wrongFields, ...(await further(tree))];
  if (fields === undefined || all.length > 0) throw recipeError(source, all);
  return { fields, tree };
}

const originOf = ({ file, builtIn }: Found, { sha256 }: SourceText): Origin => ({
  file,
  folder: dirname(file),
  builtIn,
  sha256,
});

/** A file that has passed the checks of its own fields. */
interface CheckedRecipe {
  readonly source: SourceText;
  readonly tree: Tree;
  readonly fields: Omit<RecipeFields, 'files'> & Placed;
  readonly origin: Origin;
}

/** Reads and checks the recipe that was found, and those that it adds to. */
export async function readRecipe(found: Found, search: Search): Promise<Recipe> {
  const { cwd, root, kinds, inside } = search;
  const source = await readSource(found.file, cwd);
  const folder = dirname(found.file);
  const within = { ...search, inside: [...inside, await realpath(found.file)] };
  const { fields, tree } = await checkAll(source, recipeSchema(namedKinds(kinds)), async (tree) => [
    ...(await checkFiles(tree, folder, kinds)),
    ...(await checkToolchain(tree, folder, root, kinds)),
    ...(await checkBase(tree, folder, within)),
    ...(await checkAbout(tree)),
  ]);
  const origin = originOf(found, source);
  const placed = await placedFiles(fields.files, origin, { source, tree });
  const checked = { source, tree, fields: { ...fields, ...placed }, origin };
  const base = await readBase(checked, within);
  const unlike = base && fields.from && checkStack(base, origin, tree, kinds);
  if (unlike !== undefined) throw recipeError(source, [unlike]);
  const recipe = withBase(checked, base, kinds);
  const mistakes = [...checkPackages(recipe, tree, kinds), ...checkAccounts(recipe.accounts, tree)];
  if (mistakes.length > 0) throw recipeError(source, mistakes);
  return { ...recipe, from: withPackages(recipe.from, recipe.packages, kinds) };
}

function withBase(
  { fields, origin }: CheckedRecipe,
  base: Recipe | undefined,
  kinds: readonly RecipeKind[],
): Recipe {
  if (base !== undefined) {
    const ancestors = [base.origin, ...base.ancestors];
    return { ...extendRecipe(base, { ...fields, origin }, kinds), origin, ancestors, base };
  }
  const { extends: _, from, ...rest } = fields;
  if (from === undefined) throw new Error(`${origin.file} passed without "from"`);
  return { ...rest, from, origin, fromOrigin: origin, ancestors: [] };
}

async function readBase(
  { fields, source, tree, origin }: CheckedRecipe,
  search: Search,
): Promise<Recipe | undefined> {
  if (fields.extends === undefined) return undefined;
  const { name, release } = splitRelease(fields.extends);
  const base = await readRecipe(await findRecipe(name, origin.folder, search.root), search);
  if (release === undefined) return base;
  try {
    return withRelease(base, release, search.kinds);
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    const [at] = treesAt(tree, 'extends');
    throw recipeError(source, [mistakeOf(error, at!.span)]);
  }
}

/** Reads and checks the toolchain that was found. */
export async function readToolchain(
  found: Found,
  { cwd, kinds }: Pick<Loading, 'cwd' | 'kinds'>,
  cross?: CrossTarget,
): Promise<Toolchain> {
  const read = await readSource(found.file, cwd);
  const source = cross ? { ...read, text: namedFor(read.text, cross.target) } : read;
  const { fields, tree } = await checkAll(
    source,
    toolchainSchema(namedKinds(kinds)),
    async (tree) => [
      ...(await checkFiles(tree, dirname(found.file), kinds)),
      ...checkName(tree, found.name),
      ...checkNoDownloads(tree),
    ],
  );
  const origin = originOf(found, source);
  const { lacking = {}, ...own } = fields;
  if (cross) requireTarget(own.name, lacking, cross);
  const placed = await placedFiles(own.files, origin, { source, tree });
  const toolchain = cross ? compilerFor(own.toolchain, cross) : own.toolchain;
  const further = { ...(toolchain && { toolchain }), ...(cross && { platform: cross.runsOn }) };
  return { ...own, ...placed, origin, ...further };
}

/**
 * Loads a recipe: one that ships with mkbase by its name, any other by the path of its file or of a
 * folder that holds recipe.yaml (something with a slash, ending in .yaml or .yml, or "."). A bare name
 * always means the one that ships with mkbase; after it a colon and a release may stand. Throws
 * RECIPE_NOT_FOUND, RECIPE_INVALID (a RecipeError, which lists every mistake), USAGE for a release that
 * cannot be, or IO.
 */
export async function loadRecipe(nameOrPath: string, loading: Loading): Promise<Recipe> {
  const { name, release } = splitRelease(nameOrPath);
  const { cwd, kinds, root = packageRoot } = loading;
  const recipe = await readRecipe(await findRecipe(name, cwd, root), {
    ...{ cwd, kinds, root },
    inside: [],
  });
  return release === undefined ? recipe : withRelease(recipe, release, kinds);
}

/**
 * Loads the toolchain that compiles for another platform than it runs on: `toolchains/cross/<name>.yaml` beside
 * the recipe, else the one that ships with mkbase; undefined where there is none. Errors as loadRecipe, and
 * USAGE for a target that it does not compile for.
 */
export async function loadCrossToolchain(
  name: string,
  beside: Pick<Origin, 'folder'>,
  cross: CrossTarget,
  loading: Loading,
): Promise<Toolchain | undefined> {
  const { root = packageRoot } = loading;
  const found = await findCrossToolchain(name, beside.folder, root);
  return found && readToolchain(found, loading, cross);
}

/**
 * Loads a toolchain: `toolchains/<name>.yaml` in the folder of the recipe that names it, else the one
 * that ships with mkbase. Errors as loadRecipe.
 */
export async function loadToolchain(
  name: string,
  beside: Pick<Origin, 'folder'>,
  loading: Loading,
): Promise<Toolchain> {
  const { root = packageRoot } = loading;
  const found = await findToolchain(name, beside.folder, root);
  if (found !== undefined) return readToolchain(found, loading);
  const { hint } = await unknownToolchain(name, root);
  const message = `There is no toolchain named ${quoted(name)}.`;
  throw new MkbaseError({ code: 'RECIPE_NOT_FOUND', message, hint });
}
