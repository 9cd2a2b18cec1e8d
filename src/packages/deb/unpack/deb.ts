import { type ByteReader, byteReader } from '../../../tar/byte-reader.ts';
import { type Compression, refusedArchive } from '../../../tar/decompress.ts';

/** One of the two archives inside a .deb. */
export interface DebMember {
  readonly name: 'control' | 'data';
  readonly compression: Compression;
  /** The compressed bytes, to be read before the next member is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}

const arMagic = '!<arch>\n';
const headerSize = 60;
const suffixes: Readonly<Record<string, Compression>> = {
  '': 'none',
  '.gz': 'gz',
  '.xz': 'xz',
  '.zst': 'zst',
};

interface Header {
  readonly name: string;
  readonly size: number;
}

/**
 * Yields control and data of a binary package (deb(5), format 2): an ar archive (ar(5), without GNU
 * or BSD extensions) of exactly `debian-binary`, `control.tar*` and `data.tar*`, in that order.
 * Members whose name begins with "_" may stand before data; bytes after data are read and ignored,
 * as deb(5) asks, so that a source which checks a hash at its end does so. Throws ARCHIVE_REFUSED.
 */
export async function* debMembers(
  source: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<DebMember> {
  const reader = byteReader(source);
  try {
    const magic = await reader.read(arMagic.length);
    if (magic.toString('latin1') !== arMagic) throw refusedArchive(what, 'is not a Debian package');
    await checkFormat(reader, what);
    yield* expectMember(reader, 'control', what);
    yield* expectMember(reader, 'data', what);
    while ((await reader.readSome(Number.MAX_SAFE_INTEGER)).length > 0);
  } finally {
    await reader.close();
  }
}

/** Checks the format's version, which `debian-binary` holds; any minor version is accepted. */
async function checkFormat(reader: ByteReader, what: string): Promise<void> {
  const { name, size } = await nextHeader(reader, what);
  if (name !== 'debian-binary' || size > 64) {
    throw refusedArchive(what, `begins with ${JSON.stringify(name)}, not debian-binary`);
  }
  const version = (await reader.read(size)).toString('latin1');
  await skipPadding(reader, size);
  if (!/^2\.\d+\n/.test(version)) {
    throw refusedArchive(what, `is of format ${JSON.stringify(version.trim())}, not 2.x`);
  }
}

async function* expectMember(
  reader: ByteReader,
  wanted: DebMember['name'],
  what: string,
): AsyncGenerator<DebMember> {
  for (;;) {
    const { name, size } = await nextHeader(reader, what);
    const { content, skipRest } = memberContent(reader, size, what);
    const optional = name.startsWith('_');
    if (!optional) yield { name: wanted, compression: formOf(name, wanted, what), content };
    await skipRest();
    await skipPadding(reader, size);
    if (!optional) return;
  }
}

function formOf(name: string, wanted: DebMember['name'], what: string): Compression {
  const start = `${wanted}.tar`;
  if (!name.startsWith(start)) {
    throw refusedArchive(what, `has the member ${JSON.stringify(name)} where ${start} belongs`);
  }
  const compression = suffixes[name.slice(start.length)];
  if (compression !== undefined) return compression;
  throw refusedArchive(what, `holds ${name}; mkbase reads ${start} with .xz, .gz, .zst or nothing`);
}

async function nextHeader(reader: ByteReader, what: string): Promise<Header> {
  const header = (await reader.read(headerSize)).toString('latin1');
  const match = /^(\S{1,16}) *$/.exec(header.slice(0, 16));
  const size = /^(\d{1,10}) *$/.exec(header.slice(48, 58));
  if (header.length < headerSize || !match || !size || !header.endsWith('`\n')) {
    throw refusedArchive(what, `is damaged or cut at byte ${reader.position}`);
  }
  return { name: match[1]!.replace(/\/$/, ''), size: Number(size[1]) };
}

/** Returns the next `size` bytes as a stream, and a function that skips the bytes left unread. */
function memberContent(reader: ByteReader, size: number, what: string) {
  let left = size;
  async function* read(): AsyncGenerator<Uint8Array> {
    while (left > 0) {
      const chunk = await reader.readSome(left);
      if (chunk.length === 0) throw refusedArchive(what, `is cut short at byte ${reader.position}`);
      left -= chunk.length;
      yield chunk;
    }
  }
  const skipRest = async () => {
    for await (const _ of read());
  };
  return { content: read(), skipRest };
}

/** Skips to the even offset where the next member begins. */
async function skipPadding(reader: ByteReader, size: number): Promise<void> {
  await reader.read(size % 2);
}
