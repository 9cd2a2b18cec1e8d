import { type ByteString, fromByteString, toByteString } from '../../base/byte-string.ts';
import { refuse, type Where } from '../format/refusal.ts';
import { checkPath } from '../names.ts';
import type { ListedMember } from './records.ts';

/** The file system object that a member of a zip archive stands for. */
export interface ZipMember extends ListedMember {
  readonly path: ByteString;
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
}

/** Bits of a member's flags. */
const flag = {
  encrypted: 0x0001,
  descriptor: 0x0008,
  strong: 0x0040,
  utf8: 0x0800,
  masked: 0x2000,
};
const deflateLevels = 0x0006;
const knownFlags = deflateLevels | flag.descriptor | flag.utf8;

/** Names of the methods that are met and not read. */
const methods: Readonly<Record<number, string>> = {
  1: 'shrink',
  6: 'implode',
  9: 'deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'zstd',
  95: 'xz',
  99: 'AES',
};

/** Systems whose attributes are those of Unix: its own, and macOS's. */
const unix = new Set([3, 19]);
const folderOfDos = 0x10;

/** File types in a mode (inode(7)). */
const typeBits = 0xf000;
const types: Readonly<Record<number, ZipMember['type']>> = {
  16384: 'directory',
  32768: 'file',
  40960: 'symlink',
};

function checkForm({ flags, method, packed, size }: ListedMember, where: Where): void {
  if (flags & (flag.encrypted | flag.strong | flag.masked) || method === 99) {
    refuse(where, 'is encrypted');
  }
  if (flags & ~knownFlags) refuse(where, `has flags that mkbase does not know: ${flags}`);
  if (method !== 0 && method !== 8) {
    const name = methods[method] ?? `method ${method}`;
    refuse(where, `is compressed with ${name}; mkbase reads stored and deflated members`);
  }
  if (method === 0 && packed !== size) refuse(where, 'is stored, with two sizes');
  // A reader that goes from the front would not know where it ends.
  if (method === 0 && flags & flag.descriptor) refuse(where, 'is stored, and its size follows it');
}

function pathIn({ name, flags }: ListedMember, where: Where): ByteString {
  const isText =
    flags & flag.utf8 ? toByteString(fromByteString(name)) === name : /^[ -~]*$/.test(name);
  if (!isText) refuse(where, 'has a name in an encoding that the archive does not tell');
  if (name.includes('\\')) {
    refuse(where, 'has a backslash in its name, which some tools take for a slash');
  }
  const checked = checkPath(name);
  if (checked.problem !== undefined) refuse(where, `has a name that ${checked.problem}`);
  return checked.path;
}

function typeOf({ name, madeBy, attributes, size }: ListedMember, where: Where): ZipMember['type'] {
  const byName = name.endsWith('/') ? 'directory' : 'file';
  const bits = (attributes >>> 16) & typeBits;
  const type = bits === 0 ? byName : types[bits];
  if (type === undefined) refuse(where, 'is neither a file, a folder nor a symbolic link');
  if (type === 'symlink' && !unix.has(madeBy >> 8)) {
    refuse(where, 'is a symbolic link to some tools and a file to others');
  }
  const isFolder = type === 'directory' || (attributes & folderOfDos) !== 0;
  if (isFolder !== (byName === 'directory'))
    refuse(where, 'is a folder to some tools and none to others');
  if (isFolder && size > 0) refuse(where, 'is a folder with contents');
  return type;
}

/** Returns what a member of an archive stands for. Throws ARCHIVE_REFUSED where tools could differ on that. */
export function zipMember(listed: ListedMember, source: string): ZipMember {
  const where = { source, offset: listed.offset, name: listed.name };
  checkForm(listed, where);
  const path = pathIn(listed, where);
  const type = typeOf(listed, where);
  const mayRun = unix.has(listed.madeBy >> 8) && (listed.attributes >>> 16) & 0o100;
  return { ...listed, path, type, mode: type === 'directory' || mayRun ? 0o755 : 0o644 };
}
