import type { ByteString } from '../../../base/byte-string.ts';
import { checkPath, shown } from '../../../tar/names.ts';
import type { Header } from '../package/header.ts';
import { tags } from '../package/tags.ts';

/** A file as a package's header lists it; what the header says counts, and not its payload. */
export interface RpmFile {
  /** Relative, in the form of `Entry.path`; '' for the root itself. */
  readonly path: ByteString;
  /** Type and permissions as in stat(2). */
  readonly mode: number;
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Name of the owner. */
  readonly user: ByteString;
  readonly group: ByteString;
  /** Target of a symbolic link. */
  readonly target: ByteString;
  /** Digest of a regular file's content, hexadecimal; '' where none is stated. */
  readonly digest: string;
  /** `config`, `ghost` and others, as bits (rpm's manual, "File flags"). */
  readonly flags: number;
  readonly device: { readonly major: number; readonly minor: number };
  /** Names of one file have the same in one package. */
  readonly inode: string;
  /** As getcap(8) writes them; '' for none. */
  readonly capabilities: ByteString;
}

/** The files of a package, in the order of its header, and the hash of their digests by OpenPGP's number. */
export interface RpmFiles {
  readonly files: readonly RpmFile[];
  readonly digestAlgorithm: number;
}

/** Bit of a file that the package owns and does not bring. */
const ghost = 64;
const config = 1;

export const isGhost = ({ flags }: RpmFile): boolean => (flags & ghost) !== 0;
export const isConfig = ({ flags }: RpmFile): boolean => (flags & config) !== 0;

/** Types of files (inode(7)). */
export const fileTypes = {
  mask: 0o170000,
  fifo: 0o010000,
  character: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  file: 0o100000,
  symlink: 0o120000,
} as const;

/** Returns the whole names of the files, with their leading slash. */
function namesOf(header: Header): ByteString[] {
  const old = header.texts(tags.oldFileNames);
  const bases = header.texts(tags.baseNames);
  if (old.length > 0 && bases.length > 0) throw new SyntaxError('it names its files twice');
  if (old.length > 0) return old;
  const folders = header.texts(tags.dirNames);
  const indexes = header.numbers(tags.dirIndexes);
  if (indexes.length !== bases.length) throw new SyntaxError('it has not a folder for each file');
  return bases.map((base, at) => {
    const folder = folders[indexes[at]!];
    if (folder === undefined) throw new SyntaxError('a file is in no folder of its list');
    if (base.includes('/')) throw new SyntaxError(`the name ${shown(base)} has a slash`);
    return folder + base;
  });
}

/** Brings a name into the form of `Entry.path`. Throws SyntaxError. */
function pathOf(name: ByteString, mode: number): ByteString {
  if (name === '/' && (mode & fileTypes.mask) === fileTypes.directory) return '';
  const checked = checkPath(name.startsWith('/') ? name.slice(1) : name);
  if (checked.problem !== undefined || checked.path === '' || name.endsWith('/')) {
    throw new SyntaxError(`the path ${shown(name)} ${checked.problem ?? 'names no file'}`);
  }
  return checked.path;
}

/** Returns a column of the list, which must have a value for each file or be left out. */
function column<T>(values: readonly T[], count: number, rest: T, what: string): readonly T[] {
  if (values.length === count) return values;
  if (values.length === 0) return new Array<T>(count).fill(rest);
  throw new SyntaxError(`it has ${values.length} ${what} for ${count} files`);
}

/** Reads the list of files in a package's header. Throws SyntaxError. */
export function filesOf(header: Header): RpmFiles {
  const names = namesOf(header);
  const count = names.length;
  const numbers = (tag: number, what: string) => column(header.numbers(tag), count, 0, what);
  const texts = (tag: number, what: string) => column(header.texts(tag), count, '', what);
  const modes = numbers(tags.fileModes, 'modes');
  const sizeTag = header.has(tags.longFileSizes) ? tags.longFileSizes : tags.fileSizes;
  const sizes = numbers(sizeTag, 'sizes');
  const times = numbers(tags.fileTimes, 'times');
  const users = texts(tags.fileUsers, 'owners');
  const groups = texts(tags.fileGroups, 'groups');
  const targets = texts(tags.fileLinks, 'targets');
  const digests = texts(tags.fileDigests, 'digests');
  const flags = numbers(tags.fileFlags, 'flags');
  const devices = numbers(tags.fileDevices, 'devices');
  const inodes = numbers(tags.fileInodes, 'inodes');
  const disks = numbers(tags.fileDeviceNumbers, 'device numbers');
  const capabilities = texts(tags.fileCapabilities, 'capabilities');
  const seen = new Set<ByteString>();
  const files = names.map((name, at): RpmFile => {
    const path = pathOf(name, modes[at]!);
    if (seen.has(path)) throw new SyntaxError(`the path ${shown(path)} is there twice`);
    seen.add(path);
    return {
      path,
      mode: modes[at]!,
      size: sizes[at]!,
      mtime: times[at]!,
      user: users[at]!,
      group: groups[at]!,
      target: targets[at]!,
      digest: digests[at]!,
      flags: flags[at]!,
      device: { major: devices[at]! >> 8, minor: devices[at]! & 0xff },
      inode: `${disks[at]!}:${inodes[at]!}`,
      capabilities: capabilities[at]!,
    };
  });
  return { files, digestAlgorithm: header.numbers(tags.fileDigestAlgorithm)[0] ?? 1 };
}
