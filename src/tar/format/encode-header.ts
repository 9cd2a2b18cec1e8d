import type { ByteString } from '../../base/byte-string.ts';
import { MkbaseError } from '../../base/errors.ts';
import type { Entry } from '../entry.ts';
import { shown } from '../names.ts';
import {
  blockSize,
  type Field,
  fields,
  formatOctal,
  headerChecksum,
  magics,
  octalLimit,
  paddingOf,
} from './header-fields.ts';
import { xattrPrefix } from './pax-keywords.ts';
import { formatPaxRecords, type PaxRecord } from './pax-records.ts';

/** The two name fields of a ustar header. */
export interface SplitName {
  readonly prefix: ByteString;
  readonly name: ByteString;
}

/** Tells whether ustar can hold the characters (pax(1)). */
const isAscii = (bytes: ByteString): boolean => !/[\x80-\xff]/.test(bytes);

/**
 * Splits a name over the two fields of a ustar header, divided at the last slash that leaves the
 * prefix room, as Go's archive/tar does; undefined when it does not fit.
 */
function splitName(path: ByteString): SplitName | undefined {
  const nameLimit = fields.name[1];
  const prefixLimit = fields.prefix[1];
  if (!isAscii(path)) return undefined;
  if (path.length <= nameLimit) return { prefix: '', name: path };
  const slash = path.lastIndexOf('/', Math.min(prefixLimit, path.length - 2));
  const name = path.slice(slash + 1);
  return slash <= 0 || name.length > nameLimit ? undefined : { prefix: path.slice(0, slash), name };
}

const typeflags: Readonly<Record<Entry['type'], string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** The values of one header block. */
interface Block {
  readonly type: string;
  readonly name: ByteString;
  readonly prefix?: ByteString;
  readonly linkname?: ByteString;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly mtime?: number;
  /** A PAX header's own block has none. */
  readonly device?: { readonly major: number; readonly minor: number };
}

const fits = (value: number, field: Field): boolean => value >= 0 && value <= octalLimit(field[1]);

function encodeBlock(values: Block): Buffer {
  const block = Buffer.allocUnsafe(blockSize).fill(0);
  const put = (text: ByteString, [start, length]: Field) =>
    block.write(text.slice(0, length), start, 'latin1');
  /** Writes a number; one that does not fit stands in the PAX header before. */
  const number = (value: number, field: Field) =>
    put(formatOctal(fits(value, field) ? value : 0, field[1]), field);
  put(values.name, fields.name);
  for (const name of ['mode', 'uid', 'gid', 'size', 'mtime'] as const) {
    number(values[name] ?? 0, fields[name]);
  }
  put(values.type, fields.type);
  put(values.linkname ?? '', fields.linkname);
  put(magics.ustar, fields.magic);
  if (values.device) {
    number(values.device.major, fields.major);
    number(values.device.minor, fields.minor);
  }
  put(values.prefix ?? '', fields.prefix);
  put(`${formatOctal(headerChecksum(block), fields.checksum[1] - 1)} `, fields.checksum);
  return block;
}

function xattrRecord(
  path: ByteString,
  [name, value]: readonly [ByteString, ByteString],
): PaxRecord {
  if (!/[=%\0]/.test(name)) return [xattrPrefix + name, value];
  throw new MkbaseError({
    code: 'ROOTFS_REFUSED',
    message: `${shown(path)} has an extended attribute ${shown(name)}, a name that no tar archive can hold safely.`,
  });
}

const numberRecords = (entry: Entry, size: number): PaxRecord[] =>
  (['size', 'uid', 'gid', 'mtime'] as const)
    .map((field) => [field, field === 'size' ? size : entry[field]] as const)
    .filter(([field, value]) => !fits(value, fields[field]))
    .map(([field, value]) => [field, String(value)]);

const exceeds = (text: ByteString, [, length]: Field): boolean =>
  text.length > length || !isAscii(text);

/**
 * Returns the values that ustar has no room for, by keyword. A long name that ustar can hold in two
 * parts is among them only when another value is.
 */
function paxOf(entry: Entry, { name, linkname = '', size = 0 }: Block): PaxRecord[] {
  const others: PaxRecord[] = [
    ...(exceeds(linkname, fields.linkname) ? [['linkpath', linkname] as const] : []),
    ...numberRecords(entry, size),
    ...entry.xattrs.map((xattr) => xattrRecord(entry.path, xattr)),
  ];
  if (others.length === 0 && splitName(name)) return [];
  const named: PaxRecord[] = exceeds(name, fields.name) ? [['path', name]] : [];
  return [...named, ...others].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Shortens a text that the PAX header holds whole, for readers that know no PAX. */
const shortened = (text: ByteString, [, length]: Field): ByteString => {
  const ascii = text.replace(/[\x80-\xff]/g, '');
  // At the end of the field a slash would make a folder of any file.
  return ascii.length > length ? ascii.slice(0, length).replace(/\/+$/, '') : ascii;
};

/**
 * Encodes a PAX header. Its own name is that of its member in a folder of its own, which no reader
 * makes.
 */
function encodePax(records: readonly PaxRecord[], name: ByteString): Buffer {
  const body = formatPaxRecords(records);
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const own = `${folder}PaxHeaders.0/${name.slice(folder.length)}`;
  const header = encodeBlock({
    type: 'x',
    name: shortened(own, fields.name).replace(/\/+$/, ''),
    size: body.length,
  });
  return Buffer.concat([header, body, Buffer.alloc(paddingOf(body.length))]);
}

/**
 * Encodes the header blocks of one entry in mkbase's one form, which is that of Go's archive/tar
 * when it is given no user names: ustar, and a PAX header before it for the values that do not fit.
 * containerd writes layers with it, so a tree that is unpacked and packed again there keeps its
 * digest.
 */
export function encodeHeader(entry: Entry): Buffer {
  const { mode, uid, gid, mtime } = entry;
  const { major, minor } = 'major' in entry ? entry : { major: 0, minor: 0 };
  const block: Block = {
    type: typeflags[entry.type],
    name: entry.type === 'directory' ? `${entry.path}/` : entry.path,
    ...{ mode, uid, gid, mtime, device: { major, minor } },
    ...('target' in entry && { linkname: entry.target }),
    ...(entry.type === 'file' && { size: entry.size }),
  };
  const records = paxOf(entry, block);
  if (records.length === 0) return encodeBlock({ ...block, ...splitName(block.name) });
  const name = shortened(block.name, fields.name);
  const linkname = shortened(block.linkname ?? '', fields.linkname);
  return Buffer.concat([encodePax(records, block.name), encodeBlock({ ...block, name, linkname })]);
}
