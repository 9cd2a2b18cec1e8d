import type { Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { isAbsolute, join, posix } from 'node:path';
import { quoted } from './characters.ts';
import { ioError } from './errors.ts';
import { withSlashes } from './host.ts';
import { isExecutable } from './host-files.ts';
import { type Ignoring, ignoring } from './ignoring.ts';

/** A folder whose whole tree is taken, but for what the patterns name (gitignore(5)). */
export interface TreeBeside {
  /** As a recipe names it, relative to the recipe's folder: `.`, `src` or `src/`. */
  readonly path: string;
  readonly ignore: readonly string[];
}

/** A file, folder or link of a tree. */
export interface TreeMember {
  /** Relative to the tree. */
  readonly path: string;
  readonly stats: Stats;
  /** The target of a symbolic link. */
  readonly target?: string;
  /** True for a file that is to be run. */
  readonly executable?: true;
}

/** Returns the name under which evidence lists a tree: with a slash at its end, unlike a file. */
export const treeName = (path: string): string => `${path.replace(/\/$/, '')}/`;

/** Far beyond any program's sources; a tree that is larger is the wrong folder. */
export const mostMembers = 100_000;

/** Reads what a member's attributes do not tell. */
async function moreOf(
  path: string,
  stats: Stats,
): Promise<Pick<TreeMember, 'target' | 'executable'>> {
  if (stats.isSymbolicLink()) return { target: withSlashes(await readlink(path)) };
  return stats.isFile() && (await isExecutable(path, stats)) ? { executable: true } : {};
}

async function* below(root: string, folder: string, ignored: Ignoring): AsyncGenerator<TreeMember> {
  const names = await readdir(join(root, folder), { encoding: 'buffer' });
  for (const bytes of names.sort(Buffer.compare)) {
    const path = posix.join(folder, bytes.toString());
    if (!bytes.equals(Buffer.from(bytes.toString()))) {
      throw new SyntaxError(`the name of ${quoted(path)} is not UTF-8`);
    }
    const stats = await lstat(join(root, path));
    if (ignored(path, stats.isDirectory())) continue;
    yield { path, stats, ...(await moreOf(join(root, path), stats)) };
    if (stats.isDirectory()) yield* below(root, path, ignored);
  }
}

/**
 * Lists a tree: parents first, the names of a folder in byte order, a folder whole before the next name.
 * `folder` is the absolute path of the tree. Throws SyntaxError for a name that is not UTF-8, IO.
 */
export async function* walkTree(
  folder: string,
  ignore: readonly string[],
): AsyncGenerator<TreeMember> {
  try {
    yield* below(folder, '', ignoring(ignore));
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    throw ioError(error, 'reading', folder);
  }
}

/** Returns the reason why a member cannot be taken; undefined where it can be. */
export function memberProblem({ path, stats, target }: TreeMember): string | undefined {
  const name = quoted(path);
  if (target !== undefined) {
    const reached = posix.join(posix.dirname(path), target);
    const leaves =
      target.startsWith('/') || isAbsolute(target) || reached === '..' || reached.startsWith('../');
    return leaves ? `${name} is a link that leaves the folder, to ${quoted(target)}` : undefined;
  }
  const isTaken = stats.isFile() || stats.isDirectory();
  return isTaken ? undefined : `${name} is neither a file, a folder nor a link`;
}

/**
 * Returns the first reason why a tree cannot be taken: a name, a member, too many of them, or none at all.
 * Throws IO.
 */
export async function treeProblem(
  folder: string,
  ignore: readonly string[],
): Promise<string | undefined> {
  let count = 0;
  try {
    for await (const member of walkTree(folder, ignore)) {
      const problem = memberProblem(member);
      if (problem !== undefined) return problem;
      count += 1;
      if (count > mostMembers) return `it holds more than ${mostMembers} files and folders`;
    }
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
  return count === 0 ? 'it holds nothing that is not ignored' : undefined;
}
