import { type FileHandle, open, rm } from 'node:fs/promises';
import { ioError } from '../base/errors.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import type { Entry } from './entry.ts';
import { paddingOf } from './format/header-fields.ts';
import type { BareEntry } from './format/member.ts';
import { nextMember } from './format/next-member.ts';
import { refuse } from './format/refusal.ts';

export interface ReadOptions {
  /** Names the archive in messages, for instance `data.tar of musl_1.2.5-3_amd64.deb`. */
  readonly source?: string;
  readonly limits?: {
    /** Most bytes of the uncompressed archive; 16 GiB when left out. */
    readonly maxBytes?: number;
    /** Most members; a million when left out. */
    readonly maxEntries?: number;
  };
  /** Also yield the archive's root (`./`), as a directory with the path ''. */
  readonly keepRoot?: boolean;
}

/** One member of an archive. */
export interface TarMember {
  readonly entry: BareEntry;
  /** Byte offset in the archive of the first header that belongs to the member. */
  readonly offset: number;
  /** Byte offset of the content. */
  readonly contentOffset: number;
  /**
   * The content, once and in order; the part that is not read is skipped. Chunks are valid until
   * the next.
   */
  readonly content: AsyncIterable<Uint8Array>;
}

const defaultLimits = { maxBytes: 16 * 1024 ** 3, maxEntries: 1_000_000 };

/** Passes a stream on until it holds more bytes than allowed. */
async function* capped(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
  source: string,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      refuse({ source, offset: bytes }, `is beyond the limit of ${maxBytes} bytes`);
    yield chunk;
  }
}

/** Reads the next `size` bytes; `onCut` must throw. */
async function* contentOf(
  reader: ByteReader,
  size: number,
  onCut: () => never,
): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; ) {
    const chunk = await reader.readSome(left);
    if (chunk.length === 0) onCut();
    left -= chunk.length;
    yield chunk;
  }
}

/** Reads on to the end of the stream; only zeros may follow the end mark. */
async function checkTail(reader: ByteReader, source: string): Promise<void> {
  for (;;) {
    const offset = reader.position;
    const chunk = await reader.readSome(Number.MAX_SAFE_INTEGER);
    if (chunk.length === 0) return;
    if (chunk.some((byte) => byte !== 0))
      refuse({ source, offset }, 'follows the end of the archive');
  }
}

/**
 * Reads an uncompressed tar archive: V7, ustar, GNU (long names, base-256 numbers) and PAX (local
 * headers). Memory is flat. Throws ARCHIVE_REFUSED for an archive that is damaged, cut, beyond a
 * limit or could be read in two ways; sources: pax(1), the GNU tar manual's "Basic Tar Format", and
 * libarchive's tar(5).
 */
export async function* readTar(
  stream: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<TarMember> {
  const { source = 'The archive', limits, keepRoot = false } = options;
  const { maxBytes, maxEntries } = { ...defaultLimits, ...limits };
  const reader = byteReader(capped(stream, maxBytes, source));
  try {
    for (let count = 0; ; count += 1) {
      const member = await nextMember(reader, source);
      if (member === undefined) break;
      const { entry, offset } = member;
      const where = { source, offset, name: entry.path };
      if (count >= maxEntries) refuse(where, `is beyond the limit of ${maxEntries} members`);
      const size = entry.type === 'file' ? entry.size : 0;
      const contentOffset = reader.position;
      const cut = () => refuse(where, 'is cut inside its content');
      const content = contentOf(reader, size, cut);
      if (entry.path !== '' || keepRoot) yield { entry, offset, contentOffset, content };
      const left = contentOffset + size - reader.position;
      for await (const _ of contentOf(reader, left, cut));
      const padding = await reader.read(paddingOf(size));
      if (padding.length < paddingOf(size)) cut();
    }
    await checkTail(reader, source);
  } finally {
    await reader.close();
  }
}

/** Copies a stream into a file as it is read. */
async function* teed(
  stream: AsyncIterable<Uint8Array>,
  handle: FileHandle,
  file: string,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    await handle.writeFile(chunk).catch((error: unknown) => {
      throw ioError(error, 'writing', file);
    });
    yield chunk;
  }
}

/**
 * Reads the archive that stands in `file` (an absolute path) from a stream of its bytes, and returns its
 * entries, whose contents are ranges of that file. Throws what `readTar` throws.
 */
export async function indexTar(
  stream: AsyncIterable<Uint8Array>,
  file: string,
  options: ReadOptions = {},
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const { entry, contentOffset } of readTar(stream, options)) {
    if (entry.type !== 'file') entries.push(entry);
    else entries.push({ ...entry, content: { file, offset: contentOffset, size: entry.size } });
  }
  return entries;
}

/**
 * Writes an archive to `file` (an absolute path that must not exist) while reading it, and returns
 * its entries, whose contents are ranges of that file. Throws what `readTar` throws, and NO_SPACE or
 * IO; `file` is then removed.
 */
export async function spoolTar(
  stream: AsyncIterable<Uint8Array>,
  file: string,
  options: ReadOptions = {},
): Promise<Entry[]> {
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw ioError(error, 'creating', file);
  });
  try {
    return await indexTar(teed(stream, handle, file), file, options);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}
