import { type ByteString, toByteString } from '../base/byte-string.ts';
import type { SlimRule } from '../recipe/schema/overlays.ts';
import { parentOf } from '../tar/names.ts';
import { type Glob, glob } from './glob.ts';
import { ancestorsOf, type Tree } from './tree.ts';

const globOf = (imagePath: string): Glob => glob(toByteString(imagePath.slice(1)));

/** Returns every path, and the parents that no entry describes, sorted. */
function allPaths(tree: Tree): ByteString[] {
  const paths = new Set(tree.keys());
  for (const path of tree.keys()) {
    for (const parent of ancestorsOf(path)) {
      if (paths.has(parent)) break;
      paths.add(parent);
    }
  }
  return [...paths].sort();
}

/**
 * Returns the paths that a pattern matches, and all beneath them. `paths` are sorted and hold all
 * parents.
 */
function selected(paths: readonly ByteString[], matches: Glob): Set<ByteString> {
  const found = new Set<ByteString>();
  for (const path of paths) {
    if (found.has(parentOf(path)) || matches(path)) found.add(path);
  }
  return found;
}

/** Returns the kept paths, with the folders above them. */
function keptPaths(paths: readonly ByteString[], rule: SlimRule): Set<ByteString> {
  const kept = new Set<ByteString>();
  for (const pattern of rule.keep) {
    for (const path of selected(paths, globOf(pattern))) {
      kept.add(path);
      for (const ancestor of ancestorsOf(path)) kept.add(ancestor);
    }
  }
  return kept;
}

/** Adds the folders above them to paths. */
const withAncestors = (paths: readonly ByteString[]): Set<ByteString> =>
  new Set(paths.flatMap((path) => [path, ...ancestorsOf(path)]));

/**
 * Leaves out the paths that the rules drop, except those that are `placed` (absolute). A dropped
 * folder goes with all beneath it, except the paths that its own rule keeps. A folder that is left
 * empty stays. A file with several names keeps those that are not dropped.
 */
export function applySlim(
  tree: Tree,
  rules: readonly SlimRule[],
  placed: readonly string[] = [],
): void {
  if (rules.length === 0) return;
  const left = withAncestors(placed.map((path) => toByteString(path.slice(1))));
  const paths = allPaths(tree);
  for (const rule of rules) {
    const kept = keptPaths(paths, rule);
    for (const path of selected(paths, globOf(rule.drop))) {
      if (!kept.has(path) && !left.has(path)) tree.delete(path);
    }
  }
}
