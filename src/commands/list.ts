import { packageRoot } from '../base/package-root.ts';
import type { Listed } from '../recipe/list.ts';
import { table } from '../ui/layout.ts';
import { columnsOf, paletteOf } from '../ui/screen.ts';
import { type CommandContext, invocationOf } from './command-context.ts';

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

/** Returns the last day of support; empty where none is known. */
const lastDay = ({ support }: Listed): string => support?.longTerm ?? support?.until ?? '';

function printTables(
  recipes: readonly Listed[],
  toolchains: readonly Listed[],
  { stdout, env }: CommandContext,
): void {
  const layout = { columns: columnsOf(stdout), palette: paletteOf(stdout, env) };
  const rows = (all: readonly Listed[]) =>
    all.map((each) => [each.name, each.kind, lastDay(each), each.description]);
  stdout.write(table(['RECIPE', 'KIND', 'UNTIL', 'DESCRIPTION'], rows(recipes), layout));
  stdout.write('\n');
  stdout.write(table(['TOOLCHAIN', 'KIND', 'UNTIL', 'DESCRIPTION'], rows(toolchains), layout));
}

/** `mkbase list`: lists what ships with mkbase. Errors: RECIPE_INVALID, IO. */
export async function list(options: ListOptions, context: CommandContext): Promise<number> {
  if (options.names) {
    await printNames(context);
    return 0;
  }
  const { listRecipes, listToolchains } = await import('../kinds/kinds.ts');
  const { now } = invocationOf(context);
  const [recipes, toolchains] = await Promise.all([listRecipes(now), listToolchains(now)]);
  if (options.json) context.stdout.write(`${JSON.stringify({ recipes, toolchains })}\n`);
  else printTables(recipes, toolchains, context);
  return 0;
}
