import { join, posix } from 'node:path';
import { quoted } from '../base/characters.ts';
import { type TreeBeside, type TreeMember, walkTree } from '../base/folder-tree.ts';
import type { FileOverlay } from './schema/overlays.ts';
import { files as overlays } from './schema/overlays.ts';

/** A line of `files:` that takes a whole folder. */
type FolderOverlay = Extract<FileOverlay, { readonly folder: string }>;

/** A line of `files:` that places one file, folder or link. */
export type SingleOverlay = Exclude<FileOverlay, { readonly folder: string }>;

/** Lines of `files:` with each folder's in its place, and the folders that they were listed from. */
export interface Expanded {
  readonly files: readonly SingleOverlay[];
  readonly trees: readonly TreeBeside[];
  /** The first name of each folder that no line can have, by the line's index. */
  readonly problems: ReadonlyMap<number, string>;
}

const isFolder = (overlay: FileOverlay): overlay is FolderOverlay => 'folder' in overlay;

/** Returns the lines that take no folder. */
export const singleOverlays = (files: readonly FileOverlay[]): SingleOverlay[] =>
  files.filter((file): file is SingleOverlay => !isFolder(file));

/** Returns the line that places a member of a folder. */
function lineOf(overlay: FolderOverlay, member: TreeMember): SingleOverlay {
  const { path: below, stats, target, executable } = member;
  const path = posix.join(overlay.path, below);
  if (target !== undefined) return { path, symlink: target };
  const { owner, group } = overlay;
  if (stats.isDirectory()) return { path, directory: true, mode: '0755', owner, group };
  const source = posix.join(overlay.folder, below);
  const mode = executable ? '0755' : '0644';
  return { path, source, mode, owner, group };
}

/**
 * Leaves out the folders that would be made for what is in them anyway: one that is in the image already keeps
 * its mode. Those of another owner than root are all placed.
 */
function withoutParents(lines: readonly SingleOverlay[]): SingleOverlay[] {
  const parents = new Set(lines.map(({ path }) => posix.dirname(path)));
  return lines.filter(
    (line) => !('directory' in line) || line.owner + line.group > 0 || !parents.has(line.path),
  );
}

async function linesOf(overlay: FolderOverlay, beside: string): Promise<SingleOverlay[]> {
  const { path, owner, group } = overlay;
  const top = { path, directory: true, mode: '0755', owner, group } as const;
  const lines: SingleOverlay[] = path === '/' ? [] : [top];
  for await (const member of walkTree(join(beside, overlay.folder), overlay.ignore)) {
    lines.push(lineOf(overlay, member));
  }
  return withoutParents(lines);
}

/** Returns the path of the first line that `files:` could not hold as it is. */
const firstUnnamed = (lines: readonly SingleOverlay[]): string | undefined =>
  lines.find((line) => !overlays.safeParse([line]).success)?.path;

/**
 * Puts a line for each file, folder and link in place of each line that takes a folder, so that what is said
 * of a file holds for all. `beside` is the recipe's folder; the folders have been checked. Errors: IO.
 */
export async function expandFolders(
  files: readonly FileOverlay[],
  beside: string,
): Promise<Expanded> {
  const expanded: SingleOverlay[] = [];
  const trees: TreeBeside[] = [];
  const problems = new Map<number, string>();
  for (const [index, overlay] of files.entries()) {
    if (!isFolder(overlay)) {
      expanded.push(overlay);
      continue;
    }
    const lines = await linesOf(overlay, beside);
    const unnamed = firstUnnamed(lines);
    if (unnamed !== undefined) {
      problems.set(index, `${quoted(unnamed)} is no name that a recipe could give a file`);
    }
    trees.push({ path: overlay.folder, ignore: overlay.ignore });
    expanded.push(...lines);
  }
  return { files: expanded, trees, problems };
}
