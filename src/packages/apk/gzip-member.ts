import { gunzipSync, inflateRawSync } from 'node:zlib';
import { refusedArchive } from '../../tar/decompress.ts';

/** One member of a gzip file, unpacked. */
export interface GzipMember {
  readonly content: Buffer;
  /** Offset of the byte after it. */
  readonly end: number;
}

const headerLength = 10;
/** Bytes of the CRC-32 and of the unpacked length. */
const trailerLength = 8;

const flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/** Returns the offset of the compressed data (RFC 1952, 2.3); undefined when there is no gzip header. */
function dataStart(bytes: Buffer, start: number): number | undefined {
  const set = bytes[start + 3] ?? flags.reserved;
  const magic = bytes.subarray(start, start + 3).toString('hex');
  if (magic !== '1f8b08' || (set & flags.reserved) !== 0) return undefined;
  let at = start + headerLength;
  if (set & flags.extra) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const text of [flags.name, flags.comment]) {
    if ((set & text) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  return set & flags.headerChecksum ? at + 2 : at;
}

/** Returns the offset after the compressed data, by inflating it: no header states it. */
function dataEnd(bytes: Buffer, start: number, maxBytes: number): number {
  const packed = bytes.subarray(start);
  // Node's types do not describe the result that `info` gives.
  const { engine } = inflateRawSync(packed, {
    info: true,
    maxOutputLength: maxBytes,
  }) as unknown as { readonly engine: { readonly bytesWritten: number } };
  return start + engine.bytesWritten;
}

/**
 * Unpacks the member of a gzip file that starts at an offset, and returns the offset after it: apk
 * signs and hashes whole members (apk-v2(5)). Throws ARCHIVE_REFUSED for anything but a whole
 * member, and for one that unpacks to more than `maxBytes`.
 */
export function gzipMember(
  bytes: Buffer,
  start: number,
  { maxBytes, what }: { readonly maxBytes: number; readonly what: string },
): GzipMember {
  try {
    const from = dataStart(bytes, start);
    if (from === undefined) throw new SyntaxError('there is no gzip header');
    const end = dataEnd(bytes, from, maxBytes) + trailerLength;
    // Once more from the header on: this checks the checksum and the length as well.
    return { content: gunzipSync(bytes.subarray(start, end), { maxOutputLength: maxBytes }), end };
  } catch (error) {
    throw refusedArchive(what, `has no whole gzip member at byte ${start}`, error);
  }
}
