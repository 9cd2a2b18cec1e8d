import { treesAt } from './check.ts';
import { type Mistake, recipeError, type SourceText } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';
import { expandFolders, type SingleOverlay } from './folder-overlays.ts';
import type { Origin, TakenFolder } from './recipe.ts';
import type { FileOverlay } from './schema/overlays.ts';

/** `files:` with each file of a folder on a line of its own, and the folders. */
export interface Placed {
  readonly files: readonly SingleOverlay[];
  /** Left out where there is none. */
  readonly folders?: readonly TakenFolder[];
}

/**
 * Lists what is in the folders of `files:`. Throws RECIPE_INVALID at each folder that holds a name which no
 * recipe could give a file, IO.
 */
export async function placedFiles(
  files: readonly FileOverlay[],
  origin: Origin,
  { source, tree }: { readonly source: SourceText; readonly tree: Tree },
): Promise<Placed> {
  const expanded = await expandFolders(files, origin.folder);
  const lines = treesAt(tree, 'files.*');
  const mistakes = [...expanded.problems].flatMap(([index, message]): Mistake[] => {
    const span = lines[index]?.fields?.get('folder')?.tree.span;
    const hint = 'rename it, or name it under "ignore"';
    return span === undefined ? [] : [{ span, message, hint }];
  });
  if (mistakes.length > 0) throw recipeError(source, mistakes);
  const folders = expanded.trees.map((each) => ({ origin, tree: each }));
  return { files: expanded.files, ...(folders.length > 0 && { folders }) };
}
