/** The longest match that LZMA can express. */
export const longestMatch = 273;

/** A match of this length is taken without a look for a longer one. */
export const niceLength = 128;

/** The most earlier places with the same hash of four bytes that are compared. */
const depth = 12;

const bitsOfThree = 16;
const bitsOfFour = 20;

/** Finds earlier occurrences of the bytes at a place of a window. */
export interface MatchFinder {
  /** The lengths of the matches at the last place, ascending. */
  readonly lengths: Uint16Array;
  /** The distances that these matches reach back, ascending. */
  readonly distances: Uint32Array;
  /** Looks at a place and returns how many matches there are, none beyond `end`. */
  find(at: number, end: number): number;
  /** Passes over places: each is either looked at or skipped, in order. */
  skip(from: number, to: number, end: number): void;
  /** Adjusts to a window whose contents moved down by `by` bytes, a multiple of the history. */
  moved(by: number): void;
}

/** A multiplier that spreads what differs over the high bits (Knuth, TAOCP 3, 6.4). */
const spread = 0x9e3779b1;

const hash = (bytes: number, bits: number): number => Math.imul(bytes, spread) >>> (32 - bits);

/** Returns how many bytes are equal at both places, at most `limit`. */
export function matchLength(bytes: Uint8Array, at: number, earlier: number, limit: number): number {
  let length = 0;
  while (length < limit && bytes[at + length] === bytes[earlier + length]) length++;
  return length;
}

/**
 * Remembers where two, three and four bytes stood last, and chains the earlier places of four bytes
 * to each other. `history` is how far back matches may begin, a power of two.
 */
export function matchFinder(window: Uint8Array, history: number): MatchFinder {
  const lastOfTwo = new Int32Array(1 << 16).fill(-1);
  const lastOfThree = new Int32Array(1 << bitsOfThree).fill(-1);
  const lastOfFour = new Int32Array(1 << bitsOfFour).fill(-1);
  const chain = new Int32Array(history).fill(-1);
  const mask = history - 1;

  const lengths = new Uint16Array(longestMatch);
  const distances = new Uint32Array(longestMatch);
  let count = 0;
  let longest = 0;

  const two = (at: number) => window[at]! | (window[at + 1]! << 8);
  const three = (at: number) => two(at) | (window[at + 2]! << 16);
  const four = (at: number) => three(at) | (window[at + 3]! << 24);

  function remember(at: number): void {
    const slot = hash(four(at), bitsOfFour);
    chain[at & mask] = lastOfFour[slot]!;
    lastOfFour[slot] = at;
    lastOfThree[hash(three(at), bitsOfThree)] = at;
    lastOfTwo[two(at)] = at;
  }

  function offer(at: number, earlier: number, limit: number): void {
    if (window[earlier + longest] !== window[at + longest]) return;
    const length = matchLength(window, at, earlier, limit);
    if (length <= longest) return;
    longest = length;
    lengths[count] = length;
    distances[count] = at - earlier;
    count++;
  }

  function find(at: number, end: number): number {
    const limit = Math.min(longestMatch, end - at);
    count = 0;
    longest = 1;
    if (limit < 4) return count;
    const oldest = Math.max(0, at - mask);
    const nearTwo = lastOfTwo[two(at)]!;
    const nearThree = lastOfThree[hash(three(at), bitsOfThree)]!;
    remember(at);
    if (nearTwo >= oldest) offer(at, nearTwo, limit);
    if (nearThree >= oldest) offer(at, nearThree, limit);
    const enough = Math.min(limit, niceLength);
    let earlier = chain[at & mask]!;
    for (let tries = depth; tries > 0 && earlier >= oldest && longest < enough; tries--) {
      offer(at, earlier, limit);
      earlier = chain[earlier & mask]!;
    }
    return count;
  }

  const older = (places: Int32Array, by: number) => {
    for (let slot = 0; slot < places.length; slot++)
      places[slot] = Math.max(-1, places[slot]! - by);
  };

  return {
    lengths,
    distances,
    find,
    skip(from, to, end) {
      const stop = Math.min(to, end - 3);
      for (let at = from; at < stop; at++) remember(at);
    },
    moved(by) {
      for (const places of [lastOfTwo, lastOfThree, lastOfFour, chain]) older(places, by);
    },
  };
}
