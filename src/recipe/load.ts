import { dirname } from 'node:path';
import type { core } from 'zod';
import { MkbaseError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { quoted } from './characters.ts';
import { check } from './check.ts';
import { checkFiles, treesAt } from './check-files.ts';
import { type Mistake, recipeError, type SourceText } from './diagnostic.ts';
import { recipeName } from './fields.ts';
import { builtInToolchains, type Found, findRecipe, findToolchain } from './find.ts';
import { parseYaml } from './parse-yaml.ts';
import { readSource } from './read.ts';
import type { Origin, Recipe, Toolchain } from './recipe.ts';
import { splitRelease, withRelease } from './release.ts';
import { recipeSchema, toolchainSchema } from './schema.ts';
import { didYouMean } from './suggest.ts';
import type { Tree } from './yaml-tree.ts';

/** Checks that go beyond the schema. */
type FurtherChecks = (tree: Tree) => Promise<Mistake[]>;

/** All mistakes of all checks come in one error. */
async function checkAll<Schema extends core.$ZodType>(
  source: SourceText,
  schema: Schema,
  further: FurtherChecks,
): Promise<core.output<Schema>> {
  const { tree, mistakes } = parseYaml(source);
  const { fields, mistakes: wrongFields } = check(schema, tree, source.text);
  const all = [...mistakes, ...wrongFields, ...(await further(tree))];
  if (fields === undefined || all.length > 0) throw recipeError(source, all);
  return fields;
}

const originOf = ({ file, builtIn }: Found, { sha256 }: SourceText): Origin => ({
  file,
  folder: dirname(file),
  builtIn,
  sha256,
});

async function unknownToolchain(name: string, root: string) {
  const names = (await builtInToolchains(root)).map((toolchain) => toolchain.name);
  const message = `there is no toolchain ${quoted(name)}`;
  const own = `toolchains/${name}.yaml beside the recipe`;
  return {
    message,
    hint: `expected one of ${names.join(', ')}, or ${own}${didYouMean(name, names)}`,
  };
}

async function checkToolchain(tree: Tree, folder: string, root: string): Promise<Mistake[]> {
  const [toolchain] = treesAt(tree, 'from.static.toolchain');
  const name = recipeName.safeParse(toolchain?.value);
  if (toolchain === undefined || !name.success) return [];
  if ((await findToolchain(name.data, folder, root)) !== undefined) return [];
  return [{ span: toolchain.span, ...(await unknownToolchain(name.data, root)) }];
}

/** Reads and checks the recipe that was found. */
export async function readRecipe(found: Found, cwd: string, root: string): Promise<Recipe> {
  const source = await readSource(found.file, cwd);
  const folder = dirname(found.file);
  const fields = await checkAll(source, recipeSchema, async (tree) => [
    ...(await checkFiles(tree, folder)),
    ...(await checkToolchain(tree, folder, root)),
  ]);
  return { ...fields, origin: originOf(found, source) };
}

/** A toolchain is asked for by its file's name, so the name inside has to be the same. */
function checkName(tree: Tree, name: string): Mistake[] {
  const [stated] = treesAt(tree, 'name');
  if (stated === undefined || stated.value === name) return [];
  const message = `expected the name of the file, ${quoted(name)}`;
  return typeof stated.value === 'string' ? [{ span: stated.span, message }] : [];
}

/** Reads and checks the toolchain that was found. */
export async function readToolchain(found: Found, cwd: string): Promise<Toolchain> {
  const source = await readSource(found.file, cwd);
  const fields = await checkAll(source, toolchainSchema, async (tree) => [
    ...(await checkFiles(tree, dirname(found.file))),
    ...checkName(tree, found.name),
  ]);
  return { ...fields, origin: originOf(found, source) };
}

/** See recipe.ts. */
export async function loadRecipe(
  nameOrPath: string,
  cwd: string,
  root: string = packageRoot,
): Promise<Recipe> {
  const { name, release } = splitRelease(nameOrPath);
  const recipe = await readRecipe(await findRecipe(name, cwd, root), cwd, root);
  return release === undefined ? recipe : withRelease(recipe, release);
}

/** See recipe.ts. */
export async function loadToolchain(
  name: string,
  from: Origin,
  root: string = packageRoot,
): Promise<Toolchain> {
  const found = await findToolchain(name, from.folder, root);
  if (found !== undefined) return readToolchain(found, process.cwd());
  const { hint } = await unknownToolchain(name, root);
  const message = `There is no toolchain named ${quoted(name)}.`;
  throw new MkbaseError({ code: 'RECIPE_NOT_FOUND', message, hint });
}
