import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import type { Origin } from '../recipe/recipe.ts';
import type { Content } from '../tar/entry.ts';

const refuse = (origin: Origin, source: string, problem: string, cause?: unknown): never => {
  throw new MkbaseError({
    code: 'RECIPE_INVALID',
    message: `${origin.file}: the source ${JSON.stringify(source)} in files: ${problem}.`,
    hint: `Put a regular file there; paths start from ${origin.folder}.`,
    cause,
  });
};

async function found(path: string): Promise<{ real: string; stats: Stats }> {
  const real = await realpath(path);
  return { real, stats: await stat(real) };
}

/**
 * Finds a file beside the recipe. A symlink is followed only while it stays in the recipe's folder.
 * Throws RECIPE_INVALID when there is no such regular file.
 */
export async function sourceFile(
  origin: Origin,
  source: string,
): Promise<Extract<Content, { readonly file: string }>> {
  const folder = await realpath(origin.folder);
  const { real, stats } = await found(join(folder, source)).catch((error: unknown) =>
    refuse(origin, source, 'cannot be read', error),
  );
  if (!real.startsWith(folder === sep ? sep : folder + sep)) {
    refuse(origin, source, "leads out of the recipe's folder");
  }
  if (!stats.isFile()) refuse(origin, source, 'is no regular file');
  return { file: real, offset: 0, size: stats.size };
}
