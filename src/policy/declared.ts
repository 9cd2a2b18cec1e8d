import { type ByteString, toByteString } from '../base/byte-string.ts';
import { programsOf } from '../kinds/static/script.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** Returns the paths (without leading slash) to which a recipe gives a mode: `files:` and its programs. */
export function declaredPaths({
  name,
  from,
  files,
}: Pick<Recipe, 'name' | 'from' | 'files'>): Set<ByteString> {
  const withMode = files.flatMap((file) => ('mode' in file ? [file.path] : []));
  const programs = from.kind === 'static' ? programsOf(name, from.static) : [];
  const paths = [...withMode, ...programs.map(({ path }) => path)];
  return new Set(paths.map((path) => toByteString(path.slice(1))));
}
