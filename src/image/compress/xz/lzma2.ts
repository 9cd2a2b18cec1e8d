import { symbolChooser } from './choose-symbol.ts';
import { longestMatch, matchFinder } from './match-finder.ts';
import { rangeEncoder } from './range-encoder.ts';
import { literalContextBits, positionBits, symbolEncoder } from './symbols.ts';

/** The most bytes that a chunk may hold, before and after compression. */
const mostUncompressed = 2 * 1024 * 1024;
const mostCompressed = 64 * 1024;
/** More bytes than any one symbol takes. */
const symbolRoom = 64;

const properties = positionBits * 9 * 5 + literalContextBits;

/** The parts that a decoder resets, each with those before it (liblzma, lzma2_encoder.c). */
const anew = { nothing: 0, state: 1, properties: 2, dictionary: 3 } as const;

const uint16 = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff];

interface ChunkEncoder {
  /**
   * Encodes a chunk that begins at `from` of a window that is filled up to `end`. Returns where the
   * chunk ends: never so near to `end` that a match is cut short, unless there is nothing left.
   */
  encode(from: number, end: number): Generator<Uint8Array, number>;
  /** Adjusts to a window whose contents moved down by `by` bytes. */
  moved(by: number): void;
}

/** Encodes the contents of a window as LZMA2 chunks, with matches up to `dictionarySize` back. */
function chunkEncoder(window: Uint8Array, dictionarySize: number): ChunkEncoder {
  const coder = rangeEncoder();
  const symbols = symbolEncoder(coder);
  const finder = matchFinder(window, dictionarySize);
  const chooser = symbolChooser(window, finder, symbols);
  let due: number = anew.dictionary;

  function encodeSymbol(at: number, end: number): number {
    const { length, repeat, distance } = chooser.choose(at, end);
    if (length === 1) symbols.literal(window, at);
    else if (repeat >= 0) symbols.repeat(at, length, repeat);
    else symbols.match(at, length, distance);
    return length;
  }

  /** Stores a chunk that compression would not make smaller. */
  function* plain(bytes: Uint8Array): Generator<Uint8Array> {
    const control = due === anew.dictionary ? 1 : 2;
    yield Uint8Array.from([control, ...uint16(bytes.length - 1)]);
    yield bytes;
    due = Math.max(anew.state, Math.min(due, anew.properties));
  }

  function* compressed(bytes: Uint8Array, uncompressed: number): Generator<Uint8Array> {
    const control = 0x80 | (due << 5) | ((uncompressed - 1) >>> 16);
    yield Uint8Array.from([
      control,
      ...uint16(uncompressed - 1),
      ...uint16(bytes.length - 1),
      ...(due >= anew.properties ? [properties] : []),
    ]);
    yield bytes;
    due = anew.nothing;
  }

  return {
    *encode(from, end) {
      if (due !== anew.nothing) symbols.reset();
      const stop = Math.min(end, from + mostUncompressed - longestMatch);
      let at = from;
      while (at < stop && coder.size() < mostCompressed - symbolRoom) at += encodeSymbol(at, end);
      const bytes = coder.finish();
      if (bytes.length < at - from) yield* compressed(bytes, at - from);
      else yield* plain(window.subarray(from, at));
      return at;
    },
    moved(by) {
      finder.moved(by);
      chooser.moved(by);
    },
  };
}

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
