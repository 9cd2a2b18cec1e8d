import type { ByteString } from '../../base/byte-string.ts';
import type { ByteReader } from '../byte-reader.ts';
import { type Header, parseHeader } from './header.ts';
import { blockSize, paddingOf } from './header-fields.ts';
import { type BareEntry, type Extensions, resolveMember } from './member.ts';
import { checkGlobalPax, interpretPax } from './pax-keywords.ts';
import { type PaxRecord, parsePaxRecords } from './pax-records.ts';
import { refuse, type Where } from './refusal.ts';

/** PATH_MAX and a closing NUL. */
const longNameLimit = 4097;
/** Room for sixteen extended attributes of Linux's largest size, 64 KiB. */
const paxLimit = 1024 * 1024;

const isZero = (block: Uint8Array): boolean => block.every((byte) => byte === 0);

async function extensionBody(
  reader: ByteReader,
  header: Header,
  limit: number,
  where: Where,
): Promise<Buffer> {
  if (header.size > limit) {
    refuse(where, `has an extension header of ${header.size} bytes; at most ${limit} are taken`);
  }
  const padded = header.size + paddingOf(header.size);
  const bytes = await reader.read(padded);
  if (bytes.length < padded) refuse(where, 'is cut inside an extension header');
  // Python reads records there, and GNU tar a name that has no NUL at its end.
  if (!isZero(bytes.subarray(header.size))) {
    refuse(where, 'has bytes behind its extension header, which some tools read and some do not');
  }
  return bytes.subarray(0, header.size);
}

async function paxRecords(reader: ByteReader, header: Header, where: Where): Promise<PaxRecord[]> {
  const body = await extensionBody(reader, header, paxLimit, where);
  const records = parsePaxRecords(body);
  return records ?? refuse(where, 'has a PAX record whose length does not fit');
}

async function gnuLongName(reader: ByteReader, header: Header, where: Where): Promise<ByteString> {
  const body = await extensionBody(reader, header, longNameLimit, where);
  return body.toString('latin1').replace(/\0$/, '');
}

/** Adds an extension header to those before; a second one of the same kind is refused. */
function extend(extensions: Extensions, more: Extensions, where: Where): Extensions {
  const twice = (Object.keys(more) as (keyof Extensions)[]).some((key) => key in extensions);
  const both = { ...extensions, ...more };
  const mixed = both.pax !== undefined && (both.longName ?? both.longLink) !== undefined;
  if (twice) refuse(where, 'has two extension headers of one kind');
  if (mixed)
    refuse(where, 'has both PAX and GNU extension headers, which tools combine differently');
  return both;
}

/** Reads an extension header's body; undefined when the header is a member's own. */
async function readExtension(
  reader: ByteReader,
  header: Header,
  where: Where,
): Promise<Extensions | undefined> {
  switch (header.type) {
    case 'x':
      return { pax: interpretPax(await paxRecords(reader, header, where), where) };
    case 'L':
      return { longName: await gnuLongName(reader, header, where) };
    case 'K':
      return { longLink: await gnuLongName(reader, header, where) };
    case 'g':
      checkGlobalPax(await paxRecords(reader, header, where), where);
      return {};
    default:
      return undefined;
  }
}

async function checkEnd(reader: ByteReader, extensions: Extensions, where: Where): Promise<void> {
  if (Object.keys(extensions).length > 0) refuse(where, 'is missing after its extension header');
  const second = await reader.read(blockSize);
  if (second.length < blockSize) refuse(where, 'is half an end mark: the archive is cut');
  if (!isZero(second)) refuse(where, 'is a lone zero block with more members after it');
}

/** A member's metadata and the offset of the first header that belongs to it. */
export interface MemberStart {
  readonly entry: BareEntry;
  readonly offset: number;
}

/**
 * Reads all headers of the next member; undefined at the end mark of two zero blocks. Throws
 * ARCHIVE_REFUSED, also when the stream ends without that mark.
 */
export async function nextMember(
  reader: ByteReader,
  source: string,
): Promise<MemberStart | undefined> {
  const offset = reader.position;
  const where = { source, offset };
  let extensions: Extensions = {};
  for (;;) {
    const block = await reader.read(blockSize);
    if (block.length === 0) refuse(where, 'is missing: the archive ends without its end mark');
    if (block.length === blockSize && isZero(block)) {
      await checkEnd(reader, extensions, where);
      return undefined;
    }
    const header = parseHeader(block, where);
    const extension = await readExtension(reader, header, where);
    if (extension === undefined) return { entry: resolveMember(header, extensions, where), offset };
    extensions = extend(extensions, extension, where);
  }
}
