import { isAbsolute, join, relative } from 'node:path';
import { quoted } from '../base/characters.ts';
import { MkbaseError } from '../base/errors.ts';
import { withSlashes } from '../base/host.ts';
import { ignoring } from '../base/ignoring.ts';
import type { TakenFolder } from '../recipe/recipe.ts';
import { foldersTaken } from './local-files.ts';
import type { BuildPlan } from './plan.ts';
import type { BuildRequest } from './request.ts';

/** Says whether a place is in a tree, and nothing on the way to it is ignored. */
function isTaken({ origin, tree: { path, ignore } }: TakenFolder, place: string): boolean {
  const inside = withSlashes(relative(join(origin.folder, path), place));
  if (inside === '') return true;
  if (inside === '..' || inside.startsWith('../') || isAbsolute(inside)) return false;
  const isIgnored = ignoring(ignore);
  const parts = inside.split('/');
  return (
    !parts.some((_, at) => isIgnored(parts.slice(0, at + 1).join('/'), at < parts.length - 1)) &&
    !isIgnored(inside, true)
  );
}

/**
 * Refuses to write into a folder that the recipe takes whole: the next build would take what this one wrote.
 * Throws USAGE.
 */
export function keepOutputsApart(
  plan: Pick<BuildPlan, 'recipe' | 'toolchain' | 'outDir'>,
  { outputs }: Pick<BuildRequest, 'outputs'>,
): void {
  const places = [plan.outDir, ...outputs.flatMap(({ dest }) => dest ?? [])];
  for (const each of foldersTaken(plan)) {
    const place = places.find((one) => isTaken(each, one));
    if (place === undefined) continue;
    throw new MkbaseError({
      code: 'USAGE',
      message: `${place} is in the folder ${quoted(each.tree.path)}, which the recipe takes whole: the next build would take it, too.`,
      hint: 'Write it elsewhere, or name it under "ignore" in the recipe.',
    });
  }
}
