import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { knownNode, type NodeRecord } from './node-state.ts';
import { takeTree } from './stored-tree.ts';

/** The folders that nodes are looked for in. */
export interface NodePlace {
  /** Absolute paths of the cache folder, the state folder, and a folder of this run's own in the first. */
  readonly cache: string;
  readonly state: string;
  readonly folder: string;
  /** True when this run believes nothing that it did not make itself. */
  readonly fresh: boolean;
}

/** A node that is remembered, and the file that holds its tar for this run; its bytes are not looked at yet. */
export interface TakenNode {
  readonly record: NodeRecord;
  readonly file: string;
}

/** Takes a node's result by its key; undefined when there is none, or this run believes none. Errors: IO. */
export async function takeNode(key: string, place: NodePlace): Promise<TakenNode | undefined> {
  const { cache, state, folder, fresh } = place;
  const record = fresh ? undefined : await knownNode(state, key);
  if (record === undefined) return undefined;
  const file = join(await mkdtemp(join(folder, 'node-')), 'tree.tar');
  return (await takeTree(cache, record, file)) ? { record, file } : undefined;
}
