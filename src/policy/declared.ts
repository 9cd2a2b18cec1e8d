import { type ByteString, toByteString } from '../base/byte-string.ts';
import { kindOf } from '../kinds/kinds.ts';
import { sourceOf } from '../recipe/kind.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** Returns the paths (without leading slash) to which a recipe gives a mode: those of `files:` and its programs. */
export function declaredPaths({
  name,
  from,
  files,
}: Pick<Recipe, 'name' | 'from' | 'files'>): Set<ByteString> {
  const withMode = files.flatMap((file) => ('mode' in file ? [file.path] : []));
  const programs = kindOf(from).programs?.(sourceOf(from), name).keys() ?? [];
  return new Set([...withMode, ...programs].map((path) => toByteString(path.slice(1))));
}
