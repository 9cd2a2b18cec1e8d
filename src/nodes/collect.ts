import { forgetNode, knownNodes, type UsedNode } from './node-state.ts';
import { removeStored, storedTrees } from './stored-tree.ts';

/** The folders of the nodes, and how much of them stays. */
export interface NodesToKeep {
  readonly cache: string;
  readonly state: string;
  /** Most bytes of trees that stay; all that are sound when left out. */
  readonly keep?: number;
}

/** Nodes that are gone, and the bytes of trees that went with them. */
export interface CollectedNodes {
  readonly nodes: number;
  readonly trees: number;
  readonly bytes: number;
}

/** Returns the nodes to keep: of those used last as many as fit, each tree counted once. */
function fitting(
  nodes: readonly (readonly [name: string, node: UsedNode])[],
  most: number,
): Set<string> {
  const kept = new Set<string>();
  const trees = new Set<string>();
  let bytes = 0;
  const byUse = [...nodes].sort(
    ([a, one], [b, other]) => other.used - one.used || (a < b ? -1 : 1),
  );
  for (const [name, { record }] of byUse) {
    bytes += trees.has(record.tree) ? 0 : record.size;
    if (bytes > most) break;
    trees.add(record.tree);
    kept.add(name);
  }
  return kept;
}

/**
 * Removes nodes without a tree and trees without a node, and the least used nodes until the rest fits.
 * Errors: IO.
 */
export async function collectNodes({
  cache,
  state,
  keep = Number.POSITIVE_INFINITY,
}: NodesToKeep): Promise<CollectedNodes> {
  const stored = await storedTrees(cache);
  const known = await knownNodes(state);
  const sound = [...known].flatMap(([name, node]) =>
    node !== undefined && stored.get(node.record.tree) === node.record.size
      ? [[name, node] as const]
      : [],
  );
  const kept = fitting(sound, keep);
  const gone = [...known.keys()].filter((name) => !kept.has(name));
  for (const name of gone) await forgetNode(state, name);
  const needed = new Set(
    sound.flatMap(([name, { record }]) => (kept.has(name) ? [record.tree] : [])),
  );
  const unneeded = [...stored].filter(([tree]) => !needed.has(tree));
  for (const [tree] of unneeded) await removeStored(cache, tree);
  const bytes = unneeded.reduce((sum, [, size]) => sum + size, 0);
  return { nodes: gone.length, trees: unneeded.length, bytes };
}
