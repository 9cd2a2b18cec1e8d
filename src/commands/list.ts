import { packageRoot } from '../base/package-root.ts';
import type { Listed } from '../recipe/list.ts';
import { table } from '../ui/layout.ts';
import { columnsOf, paletteOf } from '../ui/screen.ts';
import type { CommandContext } from './command-context.ts';

export interface ListOptions {
  readonly json?: true;
  /** For completion: names alone, without reading a recipe. */
  readonly names?: true;
}

async function printNames({ stdout }: CommandContext): Promise<void> {
  const { builtInRecipes } = await import('../recipe/find.ts');
  const recipes = await builtInRecipes(packageRoot);
  stdout.write(recipes.map(({ name }) => `${name}\n`).join(''));
}

function printTables(
  recipes: readonly Listed[],
  toolchains: readonly Listed[],
  { stdout, env }: CommandContext,
): void {
  const layout = { columns: columnsOf(stdout), palette: paletteOf(stdout, env) };
  const rows = (all: readonly Listed[]) =>
    all.map(({ name, kind, description }) => [name, kind, description]);
  stdout.write(table(['RECIPE', 'KIND', 'DESCRIPTION'], rows(recipes), layout));
  stdout.write('\n');
  stdout.write(table(['TOOLCHAIN', 'KIND', 'DESCRIPTION'], rows(toolchains), layout));
}

/** `mkbase list`: lists what ships with mkbase. Errors: RECIPE_INVALID, IO. */
export async function list(options: ListOptions, context: CommandContext): Promise<number> {
  if (options.names) {
    await printNames(context);
    return 0;
  }
  const { listRecipes, listToolchains } = await import('../kinds/kinds.ts');
  const [recipes, toolchains] = await Promise.all([listRecipes(), listToolchains()]);
  if (options.json) context.stdout.write(`${JSON.stringify({ recipes, toolchains })}\n`);
  else printTables(recipes, toolchains, context);
  return 0;
}
