import { chunkEncoder, mostUncompressed } from './lzma2-chunks.ts';
import { longestMatch } from './match-finder.ts';

/** Bytes that matches may reach back; a power of two. */
export const dictionarySize = 4 * 1024 * 1024;

/** Bytes that are read ahead of a chunk before it is encoded, except at the end. */
const ahead = mostUncompressed + longestMatch;

/**
 * Encodes a stream as LZMA2 with its end marker, in flat memory. The chunks that come out are valid
 * until the next is asked for, and do not depend on how the input is cut into chunks.
 */
export async function* lzma2(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const window = new Uint8Array(3 * dictionarySize);
  const chunks = chunkEncoder(window, dictionarySize);
  let at = 0;
  let end = 0;

  function* encodeUpTo(stop: number): Generator<Uint8Array> {
    while (at < stop) at = yield* chunks.encode(at, end);
  }

  function makeRoom(): void {
    window.copyWithin(0, dictionarySize, end);
    chunks.moved(dictionarySize);
    at -= dictionarySize;
    end -= dictionarySize;
  }

  for await (const chunk of source) {
    for (let taken = 0; taken < chunk.length; ) {
      const part = chunk.subarray(taken, taken + window.length - end);
      window.set(part, end);
      taken += part.length;
      end += part.length;
      if (end < window.length) continue;
      yield* encodeUpTo(end - ahead);
      makeRoom();
    }
  }
  yield* encodeUpTo(end);
  yield Uint8Array.from([0]);
}
