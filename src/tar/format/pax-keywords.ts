import type { ByteString } from '../../base/byte-string.ts';
import type { PaxRecord } from './pax-records.ts';
import { refuse, type Where } from './refusal.ts';

/** The values that a PAX header gives its member. */
export interface PaxValues {
  readonly path?: ByteString;
  readonly linkpath?: ByteString;
  readonly size?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Whole seconds; a fraction is rounded down. */
  readonly mtime?: number;
  readonly xattrs: readonly (readonly [name: ByteString, value: ByteString])[];
}

export const xattrPrefix = 'SCHILY.xattr.';

/** Keywords left out, and why nothing is lost; `*` stands for the rest of the keyword. */
const ignored: Readonly<Record<string, string>> = {
  comment: 'says nothing about the member',
  atime: 'a rootfs has no access times',
  ctime: 'the file system sets it',
  uname: 'ids count, names belong to the host',
  gname: 'ids count, names belong to the host',
  hdrcharset: 'names are taken as bytes, whatever their charset',
  'SCHILY.dev': "the packer's own disk",
  'SCHILY.ino': "the packer's own disk",
  'SCHILY.nlink': "the packer's own disk",
  'SCHILY.fflags': 'file flags of BSD file systems',
  'LIBARCHIVE.creationtime': 'Linux cannot set it',
  'RHT.security.selinux': "a label of the packer's own policy",
  'APK-TOOLS.checksum.SHA1':
    'the check of each file by apk itself, within data whose hash has been checked',
};

/** Keywords refused, and why. */
const refused: readonly (readonly [prefix: string, reason: string])[] = [
  ['GNU.sparse.', 'sparse files are read differently by different tools'],
  ['SCHILY.realsize', 'sparse files are read differently by different tools'],
  ['SCHILY.acl.', 'access control lists would be lost'],
  ['GNU.volume.', 'it is one volume of several'],
  ['GNU.dumpdir', 'it is an incremental backup'],
];

/** bsdtar writes each xattr twice; the base64 twin (libarchive, tar(5)) adds nothing. */
const libarchiveXattr = 'LIBARCHIVE.xattr.';

/** Does as decodeURIComponent, but over bytes, for the name of the twin. */
const percentDecoded = (name: ByteString): ByteString =>
  name.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );

function parseDecimal(keyword: string, value: ByteString, where: Where): number {
  const number = /^[0-9]+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  return refuse(where, `has a PAX ${keyword} that is no whole number`);
}

function parseTime(value: ByteString, where: Where): number {
  const match = /^(-?)([0-9]+)(?:\.([0-9]*))?$/.exec(value);
  const seconds = Number(match?.[2] ?? Number.NaN);
  if (!match || !Number.isSafeInteger(seconds)) {
    return refuse(where, 'has a PAX mtime that is no time');
  }
  if (match[1] === '') return seconds;
  return /[1-9]/.test(match[3] ?? '') ? -seconds - 1 : 0 - seconds;
}

function parseXattr(keyword: ByteString, value: ByteString, where: Where): PaxRecord {
  const name = keyword.slice(xattrPrefix.length);
  if (name === '' || /[%\0]/.test(name)) {
    return refuse(where, 'has an extended attribute whose name tools quote in different ways');
  }
  return [name, value];
}

const parsers: Readonly<
  Record<string, (value: ByteString, where: Where) => Omit<PaxValues, 'xattrs'>>
> = {
  path: (path) => ({ path }),
  linkpath: (linkpath) => ({ linkpath }),
  size: (value, where) => ({ size: parseDecimal('size', value, where) }),
  uid: (value, where) => ({ uid: parseDecimal('uid', value, where) }),
  gid: (value, where) => ({ gid: parseDecimal('gid', value, where) }),
  mtime: (value, where) => ({ mtime: parseTime(value, where) }),
};

function refuseKeyword(keyword: ByteString, all: ReadonlySet<ByteString>, where: Where): void {
  if (Object.hasOwn(ignored, keyword)) return;
  if (keyword.startsWith(libarchiveXattr)) {
    const twin = xattrPrefix + percentDecoded(keyword.slice(libarchiveXattr.length));
    if (all.has(twin)) return;
  }
  const reason = refused.find(([prefix]) => keyword.startsWith(prefix))?.[1];
  const name = JSON.stringify(keyword);
  refuse(where, `has a PAX record ${name}: ${reason ?? 'mkbase does not know what it means'}`);
}

/** Interprets the records of one PAX header. Throws ARCHIVE_REFUSED for one that cannot be kept. */
export function interpretPax(records: readonly PaxRecord[], where: Where): PaxValues {
  const keywords = new Set(records.map(([keyword]) => keyword));
  if (keywords.size !== records.length) {
    const twice = records.find(([keyword], at) =>
      records.slice(0, at).some(([each]) => each === keyword),
    );
    refuse(where, `has a PAX header that says ${JSON.stringify(twice?.[0])} twice`);
  }
  const xattrs: PaxRecord[] = [];
  let values = {};
  for (const [keyword, value] of records) {
    const parser = Object.hasOwn(parsers, keyword) ? parsers[keyword] : undefined;
    if (parser !== undefined) values = { ...values, ...parser(value, where) };
    else if (keyword.startsWith(xattrPrefix)) xattrs.push(parseXattr(keyword, value, where));
    else refuseKeyword(keyword, keywords, where);
  }
  return { ...values, xattrs: xattrs.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** A global PAX header is taken only when it is nothing but a comment, as `git archive` writes it. */
export function checkGlobalPax(records: readonly PaxRecord[], where: Where): void {
  const other = records.find(([keyword]) => keyword !== 'comment');
  if (other === undefined) return;
  refuse(
    where,
    `is a global PAX header (${JSON.stringify(other[0])}), which tools apply differently`,
  );
}
