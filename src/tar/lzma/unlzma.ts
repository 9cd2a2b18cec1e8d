import { distanceDecoder, lengthDecoder } from './lengths.ts';
import { probabilities, RangeDecoder } from './range-decoder.ts';

const headerLength = 13;
/** The largest dictionary; rpm's highest level asks for as much. */
const maxDictionary = 64 * 1024 * 1024;
const endMark = 0xffff_ffff;
const states = 12;

interface Properties {
  readonly contextBits: number;
  readonly lowMask: number;
  readonly placeMask: number;
  readonly dictionary: number;
  /** Length of what comes out; undefined where an end mark says it. */
  readonly size: number | undefined;
}

/** Reads the header of a .lzma file (LZMA specification, "lzma file format"). Throws SyntaxError. */
function propertiesOf(bytes: Buffer): Properties {
  if (bytes.length < headerLength) throw new SyntaxError('the stream is cut short');
  const first = bytes[0]!;
  if (first >= 9 * 5 * 5) throw new SyntaxError('it has no properties of LZMA');
  const dictionary = Math.max(bytes.readUInt32LE(1), 4096);
  if (dictionary > maxDictionary) {
    throw new SyntaxError(`its dictionary is ${dictionary} bytes, more than ${maxDictionary}`);
  }
  const size = bytes.readBigUInt64LE(5);
  return {
    contextBits: first % 9,
    lowMask: (1 << (Math.floor(first / 9) % 5)) - 1,
    placeMask: (1 << Math.floor(first / 45)) - 1,
    dictionary,
    size: size === 0xffff_ffff_ffff_ffffn ? undefined : Number(size),
  };
}

/** The last bytes that came out, as many as the dictionary has. */
class Window {
  readonly #bytes: Uint8Array;
  #at = 0;
  #given = 0;
  total = 0;

  constructor(length: number) {
    this.#bytes = new Uint8Array(length);
  }

  put(byte: number): void {
    this.#bytes[this.#at] = byte;
    this.#at += 1;
    this.total += 1;
  }

  /** Returns the byte that came out so many bytes ago; 0 before the first. */
  back(distance: number): number {
    const place = this.#at - distance;
    return this.#bytes[place < 0 ? place + this.#bytes.length : place]!;
  }

  /** Tells whether there is a byte that came out so many bytes ago. */
  reaches(distance: number): boolean {
    return distance <= this.total && distance <= this.#bytes.length;
  }

  get isFull(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Returns a copy of what was put since the last time; starts over in a full window. */
  taken(): Uint8Array {
    const piece = this.#bytes.slice(this.#given, this.#at);
    if (this.isFull) this.#at = 0;
    this.#given = this.#at;
    return piece;
  }
}

/** Makes the decoder of a byte that is no match, by the byte before it and the one at the last distance. */
function literalDecoder({ contextBits, lowMask }: Properties) {
  const probs = probabilities(0x300 * ((lowMask + 1) << contextBits));
  return (range: RangeDecoder, window: Window, last: number | undefined): number => {
    const before = window.total === 0 ? 0 : window.back(1);
    const context = ((window.total & lowMask) << contextBits) + (before >> (8 - contextBits));
    const offset = 0x300 * context;
    let symbol = 1;
    if (last !== undefined) {
      let match = window.back(last);
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1;
        match <<= 1;
        const bit = range.bit(probs, offset + ((1 + matchBit) << 8) + symbol);
        symbol = symbol * 2 + bit;
        if (bit !== matchBit) break;
      }
    }
    while (symbol < 0x100) symbol = symbol * 2 + range.bit(probs, offset + symbol);
    return symbol & 0xff;
  };
}

const afterLiteral = (state: number): number =>
  state < 4 ? 0 : state < 10 ? state - 3 : state - 6;

const repeated = (state: number, short: number, long: number) => (state < 7 ? short : long);

/**
 * Unpacks a .lzma file (LZMA specification by Igor Pavlov), whose whole bytes are given, piece by piece.
 * Nothing may follow it. Throws SyntaxError.
 */
export function* unlzma(bytes: Buffer): Generator<Uint8Array> {
  const properties = propertiesOf(bytes);
  const { placeMask, size, dictionary } = properties;
  const range = new RangeDecoder(bytes, headerLength);
  const window = new Window(dictionary);
  const literal = literalDecoder(properties);
  const [lengthOf, repeatedLengthOf, distanceOf] = [
    lengthDecoder(),
    lengthDecoder(),
    distanceDecoder(),
  ];
  const isMatch = probabilities(states * 16);
  const isRepeat = probabilities(states);
  const isRepeat0 = probabilities(states);
  const isRepeat0Long = probabilities(states * 16);
  const isRepeat1 = probabilities(states);
  const isRepeat2 = probabilities(states);
  let state = 0;
  let distances: [number, number, number, number] = [1, 1, 1, 1];
  for (;;) {
    if (window.isFull) yield window.taken();
    if (window.total === size && range.isFinished && range.left === 0) break;
    const place = window.total & placeMask;
    if (range.bit(isMatch, state * 16 + place) === 0) {
      if (window.total === size) throw new SyntaxError('it is longer than it states');
      window.put(literal(range, window, state >= 7 ? distances[0] : undefined));
      state = afterLiteral(state);
      continue;
    }
    let length: number;
    if (range.bit(isRepeat, state) === 1) {
      const [a, b, c, d] = distances;
      let isShort = false;
      if (range.bit(isRepeat0, state) === 0) {
        isShort = range.bit(isRepeat0Long, state * 16 + place) === 0;
      } else if (range.bit(isRepeat1, state) === 0) distances = [b, a, c, d];
      else distances = range.bit(isRepeat2, state) === 0 ? [c, a, b, d] : [d, a, b, c];
      length = isShort ? 1 : repeatedLengthOf(range, place);
      state = isShort ? repeated(state, 9, 11) : repeated(state, 8, 11);
    } else {
      length = lengthOf(range, place);
      const distance = distanceOf(range, length);
      if (distance === endMark) {
        if (!range.isFinished || range.left > 0 || (size ?? window.total) !== window.total) {
          throw new SyntaxError('its end mark stands at another place than its end');
        }
        break;
      }
      distances = [distance + 1, distances[0], distances[1], distances[2]];
      state = repeated(state, 7, 10);
    }
    if (!window.reaches(distances[0]))
      throw new SyntaxError('a match starts before the first byte');
    if (size !== undefined && length > size - window.total)
      throw new SyntaxError('it is longer than it states');
    for (; length > 0; length -= 1) {
      window.put(window.back(distances[0]));
      if (window.isFull) yield window.taken();
    }
  }
  yield window.taken();
}
