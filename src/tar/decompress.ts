import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { interrupted, MkbaseError } from '../base/errors.ts';
import { bunzip2 } from './bzip2/bunzip2.ts';
import { unlzma } from './lzma/unlzma.ts';
import { unxz } from './xz/unxz.ts';
import { zstdBlocks } from './zstd-blocks.ts';

export type Compression = 'xz' | 'gz' | 'zst' | 'none';

/** Compressions that only packages of old have; all of their input is held in memory. */
export type OldCompression = 'bz2' | 'lzma';

/** Limits at which a stream that grows without end is stopped. */
export interface Limits {
  /** Most bytes that may come out. */
  readonly maxBytes: number;
  /** The most times the input's size that the output may have, once it is large; 400 when left out. */
  readonly maxRatio?: number;
  /** Names the stream in messages. */
  readonly what: string;
  readonly signal?: AbortSignal;
}

/** Above this much, output may be at most `maxRatio` times the input. */
export const ratioFloor = 64 * 1024 * 1024;
/** Ten times what the most repetitive real packages reach. */
export const usualRatio = 400;

/** Makes the error of an archive that is damaged or that means harm. */
export function refusedArchive(what: string, problem: string, cause?: unknown): MkbaseError {
  return new MkbaseError({
    code: 'ARCHIVE_REFUSED',
    message: `${what}: ${problem}.`,
    hint: 'Fetch it from another mirror (--mirror); if it is the same there, the package itself is at fault.',
    cause,
  });
}

/** Most bytes of input that are held for an old compression. */
const maxHeld = 256 * 1024 * 1024;

const decoders = {
  ...{ xz: unxz, gz, zst, none: (source: AsyncIterable<Uint8Array>) => source },
  ...{ bz2: held(bunzip2), lzma: held(unlzma) },
};

/**
 * Decompresses a stream in flat memory. Errors of `source` pass through as they are; ARCHIVE_REFUSED
 * for damaged data and for a bomb: too many bytes, or too many for what went in.
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  compression: Compression | OldCompression,
  limits: Limits,
): AsyncGenerator<Uint8Array> {
  const { maxRatio = usualRatio } = limits;
  const input = watch(source);
  let output = 0;
  try {
    for await (const chunk of decoders[compression](input.stream)) {
      if (limits.signal?.aborted) throw interrupted(limits.signal);
      output += chunk.length;
      if (output > limits.maxBytes) {
        throw refusedArchive(limits.what, `unpacks to more than ${limits.maxBytes} bytes`);
      }
      if (output > ratioFloor && output > input.size() * maxRatio) {
        throw refusedArchive(limits.what, `unpacks to more than ${maxRatio} times its size`);
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof MkbaseError) throw error;
    throw (
      input.failure() ?? refusedArchive(limits.what, `is no whole ${compression} stream`, error)
    );
  }
}

/** Counts what passes, and keeps the source's own error apart from those that a decoder makes of it. */
function watch(source: AsyncIterable<Uint8Array>) {
  let size = 0;
  let failure: unknown;
  async function* pass(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of source) {
        size += chunk.length;
        yield chunk;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { stream: pass(), size: () => size, failure: () => failure };
}

/** Makes a decoder of a stream from one of bytes. */
function held(decode: (bytes: Buffer) => Generator<Uint8Array>) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > maxHeld) throw new SyntaxError(`it is larger than ${maxHeld} bytes`);
      // The source may reuse its memory.
      chunks.push(Uint8Array.from(chunk));
    }
    yield* decode(Buffer.concat(chunks));
  };
}

/** A chunk of the input, and the number of bytes up to its end. */
interface Fed {
  readonly bytes: Uint8Array;
  readonly end: number;
}

/**
 * One gzip member or several (RFC 1952), and zeros after them. Node reads nothing behind the first zero
 * there, where others read on.
 */
async function* gz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const iterator = source[Symbol.asyncIterator]();
  const fed: Fed[] = [];
  let seen = 0;
  const next = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await iterator.next();
    if (done) return undefined;
    while (fed[0] !== undefined && fed[0].end <= gunzip.bytesWritten) fed.shift();
    seen += value.length;
    fed.push({ bytes: value, end: seen });
    return value;
  };
  // An error of the decoder must not be thrown into the source: it would count as the source's own.
  async function* feed(): AsyncGenerator<Uint8Array> {
    for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk;
  }
  try {
    pipeline(Readable.from(feed(), { objectMode: false }), gunzip, () => {});
    yield* gunzip as AsyncIterable<Uint8Array>;
    do {
      for (const { bytes, end } of fed.splice(0)) {
        const unread = bytes.subarray(Math.max(0, bytes.length - (end - gunzip.bytesWritten)));
        if (unread.some((byte) => byte !== 0)) throw new SyntaxError('bytes follow the stream');
      }
    } while ((await next()) !== undefined);
  } finally {
    await iterator.return?.();
  }
}

async function* zst(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  let ready: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => ready.push(chunk));
  for await (const { bytes, last } of zstdBlocks(source)) {
    decoder.push(bytes, last);
    yield* ready;
    ready = [];
  }
}
