import type { ByteString } from '../../base/byte-string.ts';
import type { Entry } from '../entry.ts';
import { checkPath, targetProblem } from '../names.ts';
import type { Header } from './header.ts';
import { fields, octalLimit } from './header-fields.ts';
import type { PaxValues } from './pax-keywords.ts';
import { refuse, type Where } from './refusal.ts';

type FileEntry = Extract<Entry, { type: 'file' }>;

/** An entry without the bytes of its content. */
export type BareEntry = Exclude<Entry, FileEntry> | Omit<FileEntry, 'content'>;

/** The extension headers before a member's own. */
export interface Extensions {
  readonly pax?: PaxValues;
  /** GNU long name and long link (types L and K). */
  readonly longName?: ByteString;
  readonly longLink?: ByteString;
}

/** Types of ustar (pax(1)); NUL is V7's regular file and 7 what POSIX reads as one. */
const types: Readonly<Record<string, Entry['type']>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

/** Types refused, and why. */
const refusedTypes: Readonly<Record<string, string>> = {
  S: 'is a GNU sparse file, which tools read differently: pack it without --sparse (-S)',
  M: 'is the rest of a file from another volume',
  V: 'is a volume label, not a file',
  D: 'is a GNU incremental backup',
  N: 'is an old GNU long name',
  X: "is in Solaris' own format",
};

/** (uid_t) -1 stands for "no id" (chown(2)). */
const idLimit = 2 ** 32 - 2;

/** V7 has no type for directories: a name that ends in a slash is one. */
function typeOf(header: Header, name: ByteString, where: Where): Entry['type'] {
  const type = types[header.type];
  if (type === undefined) {
    const shownType = JSON.stringify(header.type);
    return refuse(where, refusedTypes[header.type] ?? `has the unknown type ${shownType}`);
  }
  return type === 'file' && name.endsWith('/') ? 'directory' : type;
}

/** A PAX size may only say what does not fit into the header, or say the same. */
function sizeOf(header: Header, type: Entry['type'], pax: PaxValues, where: Where): number {
  const size = pax.size ?? header.size;
  if (size !== header.size && size <= octalLimit(fields.size[1])) {
    refuse(where, `has two sizes, ${header.size} in its header and ${size} in its PAX header`);
  }
  if (size !== 0 && type !== 'file') refuse(where, `is a ${type} with a size (${size})`);
  return size;
}

function pathOf(name: ByteString, what: string, where: Where): ByteString {
  const { path, problem } = { path: '', ...checkPath(name) };
  return problem === undefined ? path : refuse(where, `has a ${what} that ${problem}`);
}

function idOf(id: number, what: string, where: Where): number {
  return id <= idLimit ? id : refuse(where, `has a ${what} above ${idLimit} (${id})`);
}

function deviceNumber(value: number, what: string, where: Where): number {
  const limit = octalLimit(fields.major[1]);
  return value <= limit ? value : refuse(where, `has a ${what} number above ${limit} (${value})`);
}

function symlinkTarget(target: ByteString, where: Where): ByteString {
  const problem = targetProblem(target);
  return problem === undefined ? target : refuse(where, `has a link target that ${problem}`);
}

const noPax: PaxValues = { xattrs: [] };

/**
 * Makes one member from its header and the extension headers before it. PAX goes before GNU, and
 * both before the header itself. The archive's root has the path ''. Throws ARCHIVE_REFUSED.
 */
export function resolveMember(header: Header, extensions: Extensions, at: Where): BareEntry {
  const { pax = noPax, longName, longLink } = extensions;
  const name = pax.path ?? longName ?? header.name;
  const link = pax.linkpath ?? longLink ?? header.linkname;
  const where = { ...at, name };
  const type = typeOf(header, name, where);
  const size = sizeOf(header, type, pax, where);
  const common = {
    path: pathOf(name, 'name', where),
    mode: header.mode,
    uid: idOf(pax.uid ?? header.uid, 'uid', where),
    gid: idOf(pax.gid ?? header.gid, 'gid', where),
    mtime: pax.mtime ?? header.mtime,
    xattrs: pax.xattrs,
  };
  if (common.path === '' && type !== 'directory')
    refuse(where, `is a ${type} in place of the root`);
  switch (type) {
    case 'file':
      return { ...common, type, size };
    case 'symlink':
      return { ...common, type, target: symlinkTarget(link, where) };
    case 'hardlink':
      return { ...common, type, target: pathOf(link, 'link target', where) };
    case 'character':
    case 'block': {
      const major = deviceNumber(header.major, 'major', where);
      return { ...common, type, major, minor: deviceNumber(header.minor, 'minor', where) };
    }
    default:
      return { ...common, type };
  }
}
