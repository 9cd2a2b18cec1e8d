import type { Io } from '../../base/events.ts';
import { databaseFolder } from '../../packages/alpm/database.ts';
import { type Desc, parseDesc } from '../../packages/alpm/desc.ts';
import type { LockedAlpm, LockedAlpms } from '../../packages/alpm/locked-alpm.ts';
import { unpackAlpm } from '../../packages/alpm/unpack-alpm.ts';
import type { StepContext } from '../../steps/builder.ts';
import { withLeftOut } from '../../steps/left-out.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';
import { unreadable } from './check-installed.ts';

function filesOf(text: string): Desc {
  try {
    return parseDesc(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable(error);
  }
}

/** Returns the paths that a package brings, by pacman's database, without trailing slashes. */
async function pathsOf({ name, version }: LockedAlpm, tree: ReadonlyMap<string, Entry>) {
  const entry = tree.get(`${databaseFolder}/${name}-${version}/files`);
  if (entry?.type !== 'file') return [];
  const text = (await readContent(entry.content)).toString('latin1');
  return (filesOf(text).get('FILES') ?? []).map((path) => path.replace(/\/$/, ''));
}

/**
 * Returns the tree of a step with what packages bring at the paths that an engine mounts: pacman, which finds
 * these in use, is told to leave them out. Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED, NO_SPACE, IO.
 */
export function withMounted(
  tree: readonly Entry[],
  { packages }: LockedAlpms,
  epoch: number,
  { store, folder }: StepContext,
  io: Io,
): Promise<Entry[]> {
  const byPath = new Map<string, Entry>(tree.map((entry) => [entry.path, entry]));
  return withLeftOut(tree, {
    ...{ packages, folder, kind: 'alpm', epoch },
    brings: async (each, wanted, workFolder) => {
      if (!(await pathsOf(each, byPath)).some(wanted)) return [];
      return unpackAlpm(each, { store, workFolder, wanted }, io);
    },
  });
}
