import { createHash, type Hash, hash as hashAtOnce } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { ioError } from './errors.ts';

export type HashAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512';

/** Returns the hash of bytes, or of the UTF-8 form of text, in hexadecimal digits. */
export const hashOfBytes = (algorithm: HashAlgorithm, bytes: Uint8Array | string): string =>
  hashAtOnce(algorithm, bytes);

/** Returns the sha256 of bytes, or of the UTF-8 form of text: 64 hexadecimal digits. */
export const sha256OfBytes = (bytes: Uint8Array | string): string => hashOfBytes('sha256', bytes);

/** Reads a stream to its end and returns the hash of its bytes in hexadecimal digits. */
export async function hashOfStream(
  algorithm: HashAlgorithm,
  stream: AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Reads a stream of exactly `size` bytes to its end and returns several hashes of its bytes in hexadecimal digits. One
 * that comes as a single chunk is hashed in one go, which is quicker where there are many.
 */
export async function hashesOfStream(
  algorithms: readonly HashAlgorithm[],
  stream: AsyncIterable<Uint8Array>,
  size: number,
): Promise<string[]> {
  let hashes: Hash[] | undefined;
  for await (const chunk of stream) {
    if (hashes === undefined && chunk.length === size) {
      return algorithms.map((each) => hashOfBytes(each, chunk));
    }
    hashes ??= algorithms.map((each) => createHash(each));
    for (const each of hashes) each.update(chunk);
  }
  return (
    hashes?.map((each) => each.digest('hex')) ?? algorithms.map((each) => hashOfBytes(each, ''))
  );
}

/** Reads a stream to its end and returns the sha256 of its bytes: 64 hexadecimal digits. */
export const sha256OfStream = (stream: AsyncIterable<Uint8Array>): Promise<string> =>
  hashOfStream('sha256', stream);

/** Returns the sha256 of a file: 64 hexadecimal digits. Errors: IO. */
export async function sha256OfFile(file: string): Promise<string> {
  try {
    return await sha256OfStream(createReadStream(file));
  } catch (error) {
    throw ioError(error, 'reading', file);
  }
}

/** A stream whose bytes are hashed and counted while they pass. */
export interface HashedStream {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Returns the sha256 of the bytes that passed: 64 hexadecimal digits. To be called once. */
  sha256(): string;
  /** Returns how many bytes passed. */
  size(): number;
}

/** Passes the bytes of a stream on, and hashes and counts them. */
export function hashedStream(source: AsyncIterable<Uint8Array>): HashedStream {
  const hash = createHash('sha256');
  let size = 0;
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  return { bytes: pass(), sha256: () => hash.digest('hex'), size: () => size };
}

/** Tells whether a text has the form of a sha256: 64 lower-case hexadecimal digits. */
export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
