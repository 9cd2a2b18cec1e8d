import { plural } from '../base/format.ts';
import { type Locked, lockRecipe, type Renewal } from '../pipeline/inputs/lock-recipe.ts';
import { table } from '../ui/layout.ts';
import { columnsOf, paletteOf } from '../ui/screen.ts';
import { shortPath } from '../ui/text.ts';
import type { BuildOptions } from './build-request.ts';
import { buildRequest } from './build-request.ts';
import { type CommandContext, invocationOf } from './command-context.ts';
import { withProgress } from './with-progress.ts';

/** Options of `lock` and `update`. */
export interface LockOptions extends BuildOptions {
  readonly json?: true;
  /** Repeated flags of `update`; undefined when there is none. */
  readonly only?: readonly string[];
}

const none = '-';

/** Returns what `lock` and `update` say: each changed input with its old and new version. */
function text({ file, kept, changes }: Locked, context: CommandContext): string {
  const shown = shortPath(file, context.cwd);
  if (kept) return `${shown} answers the recipe already; nothing changed.\n`;
  if (changes.length === 0) return `Pinned the same inputs in ${shown}.\n`;
  const rows = changes.map(({ set, name, before = none, after = none }) => [
    set,
    name,
    before,
    after,
  ]);
  const { stdout, env } = context;
  const layout = { columns: columnsOf(stdout), palette: paletteOf(stdout, env) };
  const header = ['IN', 'INPUT', 'OLD', 'NEW'];
  return `Pinned ${plural(changes.length, 'changed input')} in ${shown}\n\n${table(header, rows, layout)}`;
}

/** Returns what `--json` prints. */
const json = ({ file, kept, changes }: Locked): string =>
  `${JSON.stringify({
    file,
    kept,
    changes: changes.map(({ set, name, before = null, after = null }) => ({
      in: set,
      name,
      old: before,
      new: after,
    })),
  })}\n`;

async function pin(
  recipes: readonly string[],
  renewal: Renewal,
  options: LockOptions,
  context: CommandContext,
): Promise<number> {
  for (const recipe of recipes) {
    const request = await buildRequest(recipe, options, context.cwd);
    const work = async (io: Parameters<typeof lockRecipe>[3]) => {
      const locked = await lockRecipe(request, renewal, invocationOf(context), io);
      return options.json ? json(locked) : text(locked, context);
    };
    const exitCode = await withProgress(options.progress, recipe, work, context);
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}

/** `mkbase lock`: pins the inputs of recipes that have no lock which answers them. */
export const lock = (
  recipes: readonly string[],
  options: LockOptions,
  context: CommandContext,
): Promise<number> => pin(recipes, 'if-stale', options, context);

/** `mkbase update`: pins all inputs of recipes anew, or those of some packages. */
export const update = (
  recipes: readonly string[],
  options: LockOptions,
  context: CommandContext,
): Promise<number> => pin(recipes, options.only ? { only: options.only } : 'all', options, context);
