import { digestOf } from '../base/canonical-json.ts';
import type { Entry } from '../tar/entry.ts';
import { engineFiles, madeFolders, partTree } from './mounted-paths.ts';
import { begunDriver } from './tree-driver.ts';
import { type BegunStep, type NamedTree, once } from './work.ts';

/** Paths of a tree that an engine changes in making a container of it: a step that begins in the tree is sent them. */
const remade = new Set<string>([...madeFolders, ...engineFiles]);

/** Returns the names of each file that has several, in one word. */
function linkedNames(entries: readonly Entry[]): Set<string> {
  const groups = new Map<string, string[]>();
  for (const entry of entries) {
    if (entry.type !== 'hardlink') continue;
    const names = groups.get(entry.target) ?? [entry.target];
    groups.set(entry.target, [...names, entry.path]);
  }
  return new Set([...groups.values()].map((names) => names.sort().join('\0')));
}

/** The parts of the work on a tree that make a step which begins in it. */
export interface BegunWork {
  /** The whole tree. */
  readonly rootfs: NamedTree;
  /** Programs that the script calls besides the usual ones. */
  readonly programs: readonly string[];
  /** Resolves to the archive of what the step is sent: the paths of the tree that are asked for, and the rest. */
  send(isSent: (path: string) => boolean): Promise<AsyncIterable<Uint8Array>>;
}

/**
 * Returns the step that begins in the part of a tree that a step can have. Its tools are the tree's own, and
 * its file system may be one of layers, where a file of the tree that changes parts from its other names.
 */
export function begunStep({ rootfs, programs, send }: BegunWork): BegunStep {
  const inside = once(async () => partTree(await rootfs.entries()).inside);
  return {
    tree: {
      digest: once(async () => digestOf({ is: 'inside', rootfs: await rootfs.digest() })),
      entries: inside,
    },
    argv: ['/bin/sh', '-euc', begunDriver, 'sh', ...programs],
    bytes: () => send((path) => remade.has(path)),
    async isAlike(sent) {
      const left = linkedNames(sent);
      return [...linkedNames(await inside())].every((names) => left.has(names));
    },
  };
}
