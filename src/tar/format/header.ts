import type { ByteString } from '../../base/byte-string.ts';
import {
  blockSize,
  type Field,
  fields,
  headerChecksum,
  magics,
  parseNumber,
} from './header-fields.ts';
import { refuse, type Where } from './refusal.ts';

/** A header block as it stands, before PAX and GNU extensions are laid over it. */
export interface Header {
  /** One character; NUL is V7's regular file. */
  readonly type: string;
  /** With the ustar prefix, where there is one. */
  readonly name: ByteString;
  readonly linkname: ByteString;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
}

const slice = (block: Buffer, [start, length]: Field): Buffer =>
  block.subarray(start, start + length);

/** Returns the bytes up to the first NUL. */
function stringField(block: Buffer, field: Field): ByteString {
  const bytes = slice(block, field).toString('latin1');
  const end = bytes.indexOf('\0');
  return end < 0 ? bytes : bytes.slice(0, end);
}

function numberField(block: Buffer, name: keyof typeof fields, where: Where): number {
  const number = parseNumber(slice(block, fields[name]));
  if (number === undefined) return refuse(where, `has a ${name} field that is no number`);
  if (number < 0 && name !== 'mtime') return refuse(where, `has a negative ${name} (${number})`);
  return number;
}

function checkChecksum(block: Buffer, where: Where): void {
  const stated = parseNumber(slice(block, fields.checksum));
  const computed = headerChecksum(block);
  if (stated !== computed) {
    refuse(where, `has a wrong header checksum (stated ${stated ?? 'nothing'}, found ${computed})`);
  }
}

/** Joins prefix and name. Only ustar has a prefix; GNU keeps times and sparse maps in its place. */
function fullName(block: Buffer, where: Where): ByteString {
  const name = stringField(block, fields.name);
  const magic = slice(block, fields.magic).toString('latin1');
  if (magic === magics.gnu || magic === magics.v7) {
    if (slice(block, fields.prefix)[0] === 0) return name;
    return refuse(where, 'has bytes in the place of a prefix, which some tools take for one');
  }
  if (magic !== magics.ustar) return refuse(where, 'has a header that is no tar header');
  if (slice(block, fields.trailer).some((byte) => byte !== 0)) {
    return refuse(where, "is in star's own format, whose prefix field other tools read otherwise");
  }
  const prefix = stringField(block, fields.prefix);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Parses one header block of 512 bytes. Throws ARCHIVE_REFUSED for anything but a sound one. */
export function parseHeader(block: Buffer, at: Where): Header {
  if (block.length !== blockSize) refuse(at, 'is cut inside its header');
  checkChecksum(block, at);
  const name = fullName(block, at);
  const where = { ...at, name };
  const type = String.fromCharCode(block[fields.type[0]]!);
  const device = type === '3' || type === '4';
  // Python reads these of every member, and takes one in which they are no numbers for the archive's end.
  const major = numberField(block, 'major', where);
  const minor = numberField(block, 'minor', where);
  return {
    type,
    name,
    linkname: stringField(block, fields.linkname),
    mode: numberField(block, 'mode', where) & 0o7777,
    uid: numberField(block, 'uid', where),
    gid: numberField(block, 'gid', where),
    size: numberField(block, 'size', where),
    mtime: numberField(block, 'mtime', where),
    major: device ? major : 0,
    minor: device ? minor : 0,
  };
}
