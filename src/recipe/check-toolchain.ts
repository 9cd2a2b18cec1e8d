import { quoted } from '../base/characters.ts';
import { didYouMean } from '../base/suggest.ts';
import { treesAt } from './check-files.ts';
import type { Mistake } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';
import { recipeName } from './fields.ts';
import { builtInToolchains, findToolchain } from './find.ts';
import type { RecipeKind } from './kind.ts';

/** What to say of a toolchain that is neither beside the recipe nor among those that ship. */
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
  const name = recipeName.safeParse(toolchain?.value);
  if (toolchain === undefined || !name.success) return [];
  if ((await findToolchain(name.data, folder, root)) !== undefined) return [];
  return [{ span: toolchain.span, ...(await unknownToolchain(name.data, root)) }];
}

/** A toolchain is asked for by its file's name, so the name inside has to be the same. */
export function checkName(tree: Tree, name: string): Mistake[] {
  const [stated] = treesAt(tree, 'name');
  if (stated === undefined || stated.value === name) return [];
  const message = `expected the name of the file, ${quoted(name)}`;
  return typeof stated.value === 'string' ? [{ span: stated.span, message }] : [];
}

/** A builder is named by what its files hold, before anything is fetched. */
export const checkNoDownloads = (tree: Tree): Mistake[] =>
  treesAt(tree, 'files.*.url').map(({ span }) => ({
    span,
    message: "a toolchain's files are not fetched",
    hint: 'put the file beside the toolchain and name it with "source"',
  }));
