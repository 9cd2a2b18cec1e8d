import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { toByteString } from '../base/byte-string.ts';
import { MkbaseError } from '../base/errors.ts';
import {
  memberProblem,
  type TreeBeside,
  type TreeMember,
  treeProblem,
  walkTree,
} from '../base/folder-tree.ts';
import { sha256OfStream } from '../base/hash.ts';
import type { Entry } from '../tar/entry.ts';
import { writeTar } from '../tar/write.ts';

const refused = (folder: string, { path }: TreeBeside, problem: string): MkbaseError =>
  new MkbaseError({
    code: 'RECIPE_INVALID',
    message: `${join(folder, path)} cannot be taken: ${problem}.`,
    hint: 'Correct it, or name it under "ignore"; a tree holds files, folders, and links that stay in it.',
    about: [path],
  });

/** Returns a member as every machine has it: of its mode only whether its owner may run it, no time. */
function entryOf(root: string, member: TreeMember): Entry {
  const { path, stats, target, executable } = member;
  const common = { path: toByteString(path), uid: 0, gid: 0, mtime: 0, xattrs: [] };
  if (target !== undefined) {
    return { ...common, type: 'symlink', mode: 0o777, target: toByteString(target) };
  }
  if (stats.isDirectory()) return { ...common, type: 'directory', mode: 0o755 };
  const { size } = stats;
  const mode = executable ? 0o755 : 0o644;
  return {
    ...common,
    type: 'file',
    mode,
    size,
    content: { file: join(root, path), offset: 0, size },
  };
}

/**
 * Reads a tree beside a recipe in its one form: names in byte order, modes 755 and 644, owner 0:0, times 0.
 * `folder` is the recipe's. Contents stay on disk. Throws RECIPE_INVALID for a tree that cannot be taken, IO.
 */
export async function sourceTree(folder: string, tree: TreeBeside): Promise<Entry[]> {
  const root = join(await realpath(folder), tree.path.replace(/\/$/, ''));
  const [real, stats] = await Promise.all([realpath(root), lstat(root)]).catch((error: unknown) => {
    throw refused(folder, tree, (error as Error).message);
  });
  if (real !== root || !stats.isDirectory()) throw refused(folder, tree, 'it is no folder');
  const problem = await treeProblem(root, tree.ignore);
  if (problem !== undefined) throw refused(folder, tree, problem);
  const entries: Entry[] = [];
  for await (const member of walkTree(root, tree.ignore)) {
    const changed = memberProblem(member);
    if (changed !== undefined) throw refused(folder, tree, changed);
    entries.push(entryOf(root, member));
  }
  return entries;
}

/** Returns the sha256 of the canonical tar of a tree beside a recipe. Errors: as sourceTree. */
export const sourceTreeDigest = async (folder: string, tree: TreeBeside): Promise<string> =>
  sha256OfStream(writeTar(await sourceTree(folder, tree), { reuseMemory: true }));
