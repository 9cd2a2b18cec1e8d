import { type MadeTree, type MakeTree, once, type Work } from '../steps/work.ts';
import { nodeKey } from './key.ts';
import type { NodesContext } from './nodes.ts';
import { readTaken } from './stored-tree.ts';
import { type NodePlace, takeNode } from './take-node.ts';

/** Says that something hangs on a step that has not run. */
export class Unforeseen extends Error {}

/** A step that a build takes, as far as it can be told without running one. */
export interface ForeseenNode {
  readonly does: string;
  /** Undefined where it hangs on a step that has not run. */
  readonly key: string | undefined;
  /** sha256 of the tar of its result; undefined when the step has to run. */
  readonly tree: string | undefined;
}

/** The folders and the builder that nodes are looked for with; undefined for a builder that is not known. */
export interface ForeseeContext extends NodePlace {
  readonly builder: NodesContext['builder'] | undefined;
}

const unknownTree: MadeTree = {
  digest: () => Promise.reject(new Unforeseen()),
  entries: () => Promise.reject(new Unforeseen()),
  get facts(): never {
    throw new Unforeseen();
  },
};

async function keyOf(work: Work, builder: ForeseeContext['builder']): Promise<string | undefined> {
  try {
    return builder && (await nodeKey(work, builder));
  } catch (error) {
    if (error instanceof Unforeseen) return undefined;
    throw error;
  }
}

/** Finds nodes without running any: what hangs on one that is not found ends in Unforeseen. */
export function foreseenNodes(context: ForeseeContext): {
  readonly make: MakeTree;
  readonly nodes: readonly ForeseenNode[];
} {
  const { builder } = context;
  const nodes: ForeseenNode[] = [];
  const make: MakeTree = async (work) => {
    const key = await keyOf(work, builder);
    const taken = key === undefined ? undefined : await takeNode(key, context);
    nodes.push({ does: work.does, key, tree: taken?.record.tree });
    if (taken === undefined) return unknownTree;
    const { record, file } = taken;
    const read = async () => {
      const entries = await readTaken(record, file);
      if (entries === undefined) throw new Unforeseen();
      return entries;
    };
    return { digest: async () => record.tree, facts: record.facts, entries: once(read) };
  };
  return { make, nodes };
}
