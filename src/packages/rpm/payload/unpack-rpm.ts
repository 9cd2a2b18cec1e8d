import type { ByteString } from '../../../base/byte-string.ts';
import type { Content, Entry } from '../../../tar/entry.ts';
import { shown, targetProblem } from '../../../tar/names.ts';
import type { OpenedRpm } from '../package/open-rpm.ts';
import { refusedRpm } from '../package/refusal.ts';
import { capabilityAttribute } from './capabilities.ts';
import { filesOf, fileTypes, isConfig, isGhost, type RpmFile } from './files.ts';
import { linkGroups, readMembers } from './read-members.ts';
import { withSpool } from './spool.ts';
import { unpackedPayload } from './unpacked-payload.ts';

/** A file of a package as an entry of a tree, whose owners are still names. */
export interface UnpackedFile {
  /** Its `uid` and `gid` are 0: `user` and `group` are who owns it. */
  readonly entry: Entry;
  readonly user: ByteString;
  readonly group: ByteString;
  readonly config: boolean;
}

/** The files that a package brings, sorted by path, and the paths that it owns and does not bring. */
export interface UnpackedRpm {
  readonly files: readonly UnpackedFile[];
  readonly ghosts: readonly ByteString[];
}

/** The name of the archive in messages, and the most bytes that its payload may have. */
export interface UnpackOptions {
  readonly what: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

const byPath = (a: { path: ByteString }, b: { path: ByteString }) => (a.path < b.path ? -1 : 1);

function xattrsOf({ capabilities }: RpmFile): Entry['xattrs'] {
  return capabilities === '' ? [] : [['security.capability', capabilityAttribute(capabilities)]];
}

function entryOf(
  file: RpmFile,
  content: Content | undefined,
  first: ByteString | undefined,
): Entry {
  const { path, mode, mtime, target, size, device } = file;
  const common = { path, mode: mode & 0o7777, uid: 0, gid: 0, mtime, xattrs: xattrsOf(file) };
  switch (mode & fileTypes.mask) {
    case fileTypes.file:
      if (first !== undefined && first !== path)
        return { ...common, type: 'hardlink', target: first };
      return { ...common, type: 'file', size, content: content! };
    case fileTypes.directory:
      return { ...common, type: 'directory' };
    case fileTypes.symlink: {
      const problem = targetProblem(target);
      if (problem !== undefined) throw new SyntaxError(`the target of ${shown(path)} ${problem}`);
      return { ...common, type: 'symlink', target };
    }
    case fileTypes.fifo:
      return { ...common, type: 'fifo' };
    case fileTypes.character:
      return { ...common, type: 'character', ...device };
    case fileTypes.block:
      return { ...common, type: 'block', ...device };
    default:
      throw new SyntaxError(`${shown(path)} is of no type that an image can hold`);
  }
}

const owned = ({ mode, user, group, capabilities }: RpmFile): string =>
  [mode, user, group, capabilities].join(' ');

/**
 * Returns for each name of a file with several the first of them, under which it is packed. Throws
 * SyntaxError where the header gives one file several owners or modes.
 */
function firstNames(files: readonly RpmFile[]): Map<ByteString, ByteString> {
  const first = new Map<ByteString, ByteString>();
  for (const group of linkGroups(files).values()) {
    const [lowest] = [...group].sort(byPath);
    const other = group.find((each) => owned(each) !== owned(lowest!));
    if (other !== undefined) {
      throw new SyntaxError(
        `${shown(other.path)} is the same file as ${shown(lowest!.path)}, with another mode or owner`,
      );
    }
    for (const { path } of group) first.set(path, lowest!.path);
  }
  return first;
}

function unpackedFiles(
  files: readonly RpmFile[],
  contents: ReadonlyMap<ByteString, Content>,
): UnpackedFile[] {
  const first = firstNames(files);
  const brought = files.filter((each) => !isGhost(each)).sort(byPath);
  return brought.map((each) => ({
    entry: entryOf(each, contents.get(each.path), first.get(each.path)),
    user: each.user,
    group: each.group,
    config: isConfig(each),
  }));
}

/**
 * Unpacks an opened package into `file` (an absolute path that must not exist), in which contents stay.
 * Names, modes, owners, times and links are those of the header, which is what a signature covers first.
 * Throws ARCHIVE_REFUSED for a payload that is other than its header says; NO_SPACE, IO; `file` is then
 * removed.
 */
export async function unpackRpm(
  { header, rest }: Pick<OpenedRpm, 'header' | 'rest'>,
  file: string,
  { what, maxBytes, signal }: UnpackOptions,
): Promise<UnpackedRpm> {
  try {
    const listed = filesOf(header);
    const limits = { maxBytes, what, ...(signal && { signal }) };
    const reader = await unpackedPayload(header, rest, limits);
    try {
      const unpacked = await withSpool(file, async (spool) => {
        const contents = await readMembers(reader, listed, spool);
        return unpackedFiles(listed.files, contents);
      });
      return { files: unpacked, ghosts: listed.files.filter(isGhost).map(({ path }) => path) };
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusedRpm(what, error.message);
  }
}
