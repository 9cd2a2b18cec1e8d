import { isUtf8 } from 'node:buffer';
import type { ByteString } from '../byte-string.ts';
import { MkbaseError } from '../errors.ts';
import type { Entry } from './entry.ts';
import { blockSize, type Field, fields, headerChecksum, magics, paddingOf } from './layout.ts';
import { shown } from './names.ts';
import { formatOctal, octalLimit } from './numbers.ts';
import { xattrPrefix } from './pax-keywords.ts';
import { formatPaxRecords, type PaxRecord } from './pax-records.ts';

const typeflags: Readonly<Record<Entry['type'], string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** What goes into one header block; every number fits its field. */
interface Block {
  readonly type: string;
  readonly name: ByteString;
  readonly linkname?: ByteString;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly mtime?: number;
  readonly major?: number;
  readonly minor?: number;
}

function encodeBlock(values: Block): Buffer {
  const block = Buffer.allocUnsafe(blockSize).fill(0);
  const put = (text: ByteString, [start, length]: Field) =>
    block.write(text.slice(0, length), start, 'latin1');
  const number = (name: 'mode' | 'uid' | 'gid' | 'size' | 'mtime' | 'major' | 'minor') =>
    put(formatOctal(values[name] ?? 0, fields[name][1]), fields[name]);
  put(values.name, fields.name);
  for (const name of ['mode', 'uid', 'gid', 'size', 'mtime'] as const) number(name);
  put(values.type, fields.type);
  put(values.linkname ?? '', fields.linkname);
  put(magics.ustar, fields.magic);
  number('major');
  number('minor');
  put(`${formatOctal(headerChecksum(block), fields.checksum[1] - 1)} `, fields.checksum);
  return block;
}

const fits = (value: number, field: Field): boolean => value >= 0 && value <= octalLimit(field[1]);

const isText = (bytes: ByteString): boolean => isUtf8(Buffer.from(bytes, 'latin1'));

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

/** What the header has no room for, in the one order that mkbase writes. */
function paxOf(entry: Entry, { name, linkname = '', size = 0 }: Block): PaxRecord[] {
  const names: PaxRecord[] = [];
  if (name.length > fields.name[1]) names.push(['path', name]);
  if (linkname.length > fields.linkname[1]) names.push(['linkpath', linkname]);
  const binary = names.some(([, value]) => !isText(value));
  const numbers: PaxRecord[] = [];
  for (const field of ['size', 'uid', 'gid', 'mtime'] as const) {
    const value = field === 'size' ? size : entry[field];
    if (!fits(value, fields[field])) numbers.push([field, String(value)]);
  }
  return [
    ...(binary ? [['hdrcharset', 'BINARY'] as const] : []),
    ...names,
    ...numbers,
    ...[...entry.xattrs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map((xattr) => xattrRecord(entry.path, xattr)),
  ];
}

/** The PAX header's own header says nothing of the member it belongs to. */
function encodePax(records: readonly PaxRecord[]): Buffer {
  const body = formatPaxRecords(records);
  const header = encodeBlock({ type: 'x', name: 'PaxHeader', mode: 0o644, size: body.length });
  return Buffer.concat([header, body, Buffer.alloc(paddingOf(body.length))]);
}

/**
 * The header blocks of one entry in mkbase's one form: ustar without user names and prefix; a PAX
 * header before it for long names, large numbers and extended attributes.
 */
export function encodeHeader(entry: Entry): Buffer {
  const block: Block = {
    type: typeflags[entry.type],
    name: entry.type === 'directory' ? `${entry.path}/` : entry.path,
    mode: entry.mode,
    ...('target' in entry && { linkname: entry.target }),
    ...(entry.type === 'file' && { size: entry.size }),
    ...('major' in entry && { major: entry.major, minor: entry.minor }),
  };
  const records = paxOf(entry, block);
  const inHeader = (value: number, field: Field) => (fits(value, field) ? value : 0);
  const header = encodeBlock({
    ...block,
    uid: inHeader(entry.uid, fields.uid),
    gid: inHeader(entry.gid, fields.gid),
    size: inHeader(block.size ?? 0, fields.size),
    mtime: inHeader(entry.mtime, fields.mtime),
  });
  return records.length === 0 ? header : Buffer.concat([encodePax(records), header]);
}
