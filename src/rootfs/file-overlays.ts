import { type ByteString, toByteString } from '../base/byte-string.ts';
import type { Origin, RecipeFile } from '../recipe/recipe.ts';
import { contentSize, readContent } from '../tar/content.ts';
import type { Content } from '../tar/entry.ts';
import { checkPath } from '../tar/names.ts';
import { glob } from './glob.ts';
import type { Refuse } from './refusals.ts';
import { sourceFile } from './source-file.ts';
import { type Inode, landing, replaceProblem, type Tree } from './tree.ts';

/** The parts that `files:` are made from; see RootfsInput. */
export interface FilesInput {
  readonly recipe: { readonly files: readonly RecipeFile[]; readonly origin: Origin };
  readonly epoch: number;
  readonly downloaded?: ReadonlyMap<string, Content>;
}

/** Joined files are held in memory. */
const concatenationLimit = 16 * 1024 * 1024;

async function concatenated(tree: Tree, pattern: string): Promise<Content | string> {
  const matches = glob(toByteString(pattern.slice(1)));
  const contents = [...tree]
    .filter(([path, inode]) => inode.type === 'file' && matches(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, inode]) => (inode.type === 'file' ? [inode.content] : []));
  if (contents.length === 0) return `joins ${pattern}, but no file matches that`;
  const size = contents.reduce((sum, content) => sum + contentSize(content), 0);
  if (size > concatenationLimit) {
    return `joins ${size} bytes; at most ${concatenationLimit} are taken`;
  }
  const pieces: Buffer[] = [];
  for (const content of contents) pieces.push(await readContent(content));
  return { bytes: Buffer.concat(pieces) };
}

/** Returns the bytes of a file overlay, or the problem with it. */
async function contentOf(
  overlay: Extract<RecipeFile, { mode: string }>,
  tree: Tree,
  { recipe, downloaded }: FilesInput,
): Promise<Content | string> {
  if ('content' in overlay) return { bytes: Buffer.from(overlay.content) };
  if ('source' in overlay) return sourceFile(overlay.beside ?? recipe.origin, overlay.source);
  if ('url' in overlay) {
    return downloaded?.get(overlay.sha256) ?? 'comes from a URL and was not fetched';
  }
  if ('concatenate' in overlay) return concatenated(tree, overlay.concatenate);
  return { bytes: Buffer.alloc(0) };
}

/** Makes the object that an overlay places, or returns the problem with it. */
async function inodeOf(
  overlay: RecipeFile,
  path: ByteString,
  tree: Tree,
  input: FilesInput,
): Promise<Inode | string> {
  const common = { path, mtime: input.epoch, xattrs: [] };
  if ('symlink' in overlay) {
    const target = toByteString(overlay.symlink);
    return { ...common, type: 'symlink', mode: 0o777, uid: 0, gid: 0, target };
  }
  const { owner: uid, group: gid } = overlay;
  const owned = { ...common, mode: Number.parseInt(overlay.mode, 8), uid, gid };
  if ('directory' in overlay) return { ...owned, type: 'directory' };
  const content = await contentOf(overlay, tree, input);
  if (typeof content === 'string') return content;
  return { ...owned, type: 'file', size: contentSize(content), content };
}

/** Returns where an overlay lands: in the folders that links of the base lead to, never through those of `files:`. */
function placeOf(overlay: RecipeFile, tree: Tree, placed: ReadonlySet<ByteString>): ByteString {
  const path = toByteString(overlay.path.slice(1));
  const isLink = tree.get(path)?.type === 'symlink' && !placed.has(path);
  if (!('directory' in overlay) || !isLink) return landing(tree, path, placed);
  return landing(tree, `${path}/.` as ByteString, placed).replace(/\/\.$/, '') as ByteString;
}

/**
 * Places `files:` in their order, each with the epoch as its time. A file takes the place of a file
 * or link of the same name, in the folder that its path leads to; other names of what was there keep it. Returns the paths placed: their
 * modes are what the recipe declares. Throws RECIPE_INVALID for a source that cannot be taken.
 */
export async function applyFiles(
  tree: Tree,
  input: FilesInput,
  refuse: Refuse,
): Promise<Set<ByteString>> {
  const placed = new Set<ByteString>();
  for (const overlay of input.recipe.files) {
    const path = placeOf(overlay, tree, placed);
    const inode = await inodeOf(overlay, path, tree, input);
    const unnamed = checkPath(path).problem;
    if (typeof inode === 'string') refuse(path, inode);
    else if (unnamed !== undefined) refuse(path, `is no path for a file: it ${unnamed}`);
    else if (placed.has(path)) refuse(path, 'is listed twice in files:');
    else {
      const problem = replaceProblem(tree.get(path), inode.type);
      if (problem === undefined) tree.set(path, inode);
      else refuse(path, problem);
    }
    placed.add(path);
  }
  return placed;
}
