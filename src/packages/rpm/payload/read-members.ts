import type { ByteString } from '../../../base/byte-string.ts';
import type { ByteReader } from '../../../tar/byte-reader.ts';
import type { Content } from '../../../tar/entry.ts';
import { shown } from '../../../tar/names.ts';
import { hashNames } from '../signed/payload-digests.ts';
import { type CpioMember, nextCpioMember, skipPadding } from './cpio.ts';
import { fileTypes, isGhost, type RpmFile, type RpmFiles } from './files.ts';
import type { Spool } from './spool.ts';

const typeOf = ({ mode }: RpmFile): number => mode & fileTypes.mask;
const isFile = (file: RpmFile): boolean => typeOf(file) === fileTypes.file && !isGhost(file);

/** Names of one regular file, in the order of the header. */
export function linkGroups(files: readonly RpmFile[]): Map<string, RpmFile[]> {
  const groups = new Map<string, RpmFile[]>();
  for (const file of files.filter(isFile)) {
    // Packages that state no inodes have no hard links.
    const key = file.inode === '0:0' ? `path:${file.path}` : file.inode;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return groups;
}

/** A package's files by what a member of its payload may call them. */
interface Listing {
  readonly files: readonly RpmFile[];
  readonly byPath: ReadonlyMap<ByteString, RpmFile>;
  readonly groupOf: ReadonlyMap<RpmFile, readonly RpmFile[]>;
  /** Name of the hash of contents. */
  readonly hash: string | undefined;
}

function listingOf({ files, digestAlgorithm }: RpmFiles): Listing {
  const groupOf = new Map<RpmFile, readonly RpmFile[]>();
  for (const group of linkGroups(files).values())
    for (const each of group) groupOf.set(each, group);
  return {
    files,
    byPath: new Map(files.map((file) => [file.path, file])),
    groupOf,
    hash: hashNames[digestAlgorithm],
  };
}

/** Finds the file of a member: by its path, or by its number in the header. Throws SyntaxError. */
function fileOf(member: CpioMember, { files, byPath }: Listing): RpmFile {
  if ('index' in member) {
    const file = files[member.index];
    if (file === undefined) throw new SyntaxError(`file ${member.index} is not in its header`);
    return file;
  }
  const path = member.name.replace(/^\.?\//, '').replace(/^\.$/, '');
  const file = byPath.get(path);
  if (file === undefined) throw new SyntaxError(`${shown(member.name)} is not in its header`);
  return file;
}

/**
 * Returns the length of a member's content. Of the names of one file only the last brings its content,
 * where the member does not say so itself.
 */
function sizeOf(member: CpioMember, file: RpmFile, { groupOf }: Listing): number {
  if ('size' in member) return member.size;
  if (typeOf(file) === fileTypes.symlink) return file.size;
  return groupOf.get(file)?.at(-1) === file ? file.size : 0;
}

async function checkTarget(reader: ByteReader, size: number, file: RpmFile): Promise<void> {
  const target = (await reader.read(Math.min(size, 4097))).toString('latin1');
  if (target !== file.target) {
    throw new SyntaxError(`the target of ${shown(file.path)} is another than in its header`);
  }
}

/** Copies a file's content, which must be as the header says. Throws SyntaxError. */
async function copyContent(
  reader: ByteReader,
  size: number,
  file: RpmFile,
  { hash }: Listing,
  spool: Spool,
): Promise<Content> {
  const what = shown(file.path);
  if (size !== file.size) {
    throw new SyntaxError(`${what} has ${size} bytes, and ${file.size} in its header`);
  }
  const wanted = file.digest === '' ? undefined : hash;
  if (file.digest !== '' && hash === undefined)
    throw new SyntaxError('its digests are of no known hash');
  const { content, digest } = await spool.copy(reader, size, wanted);
  if (digest !== undefined && digest !== file.digest) {
    throw new SyntaxError(`the content of ${what} is another than its header says`);
  }
  return content;
}

/**
 * Reads a payload's members into `spool`; returns the content of each regular file by its path, the same
 * for all names of one file. Every file of the header but ghosts must be there once, and nothing else, with
 * the content that the header says. Throws SyntaxError.
 */
export async function readMembers(
  reader: ByteReader,
  files: RpmFiles,
  spool: Spool,
): Promise<ReadonlyMap<ByteString, Content>> {
  const listing = listingOf(files);
  const seen = new Set<RpmFile>();
  const contents = new Map<ByteString, Content>();
  for (;;) {
    const member = await nextCpioMember(reader);
    if (member === undefined) break;
    const file = fileOf(member, listing);
    if (seen.has(file) || isGhost(file)) {
      throw new SyntaxError(`${shown(file.path)} is there, and should not be there again`);
    }
    seen.add(file);
    const size = sizeOf(member, file, listing);
    const group = listing.groupOf.get(file);
    if (group !== undefined) {
      const isEmptyName = size === 0 && group.length > 1 && file.size > 0;
      if (!isEmptyName) {
        const content = await copyContent(reader, size, file, listing, spool);
        for (const each of group) contents.set(each.path, content);
      }
    } else if (typeOf(file) === fileTypes.symlink) await checkTarget(reader, size, file);
    else if (size > 0) throw new SyntaxError(`${shown(file.path)} has content and is no file`);
    await skipPadding(reader, size);
  }
  for (const file of files.files) {
    if (isGhost(file)) continue;
    const isWhole = seen.has(file) && (!listing.groupOf.has(file) || contents.has(file.path));
    if (!isWhole)
      throw new SyntaxError(`${shown(file.path)} is in its header and not in its payload`);
  }
  return contents;
}
