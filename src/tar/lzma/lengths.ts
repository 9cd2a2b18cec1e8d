import { probabilities, type RangeDecoder } from './range-decoder.ts';

/** Decoder of the lengths of matches (LZMA specification, "Match length"): 2 to 273. */
export function lengthDecoder() {
  const choice = probabilities(2);
  const low = probabilities(16 * 8);
  const middle = probabilities(16 * 8);
  const high = probabilities(256);
  return (range: RangeDecoder, place: number): number => {
    if (range.bit(choice, 0) === 0) return 2 + range.tree(low, 3, place * 8);
    if (range.bit(choice, 1) === 0) return 10 + range.tree(middle, 3, place * 8);
    return 18 + range.tree(high, 8);
  };
}

const firstModelled = 4;
const firstDirect = 14;
const alignBits = 4;

/** Decoder of the distances of matches, from 0 (LZMA specification, "Match distance"). */
export function distanceDecoder() {
  const slots = probabilities(4 * 64);
  const modelled = probabilities(128);
  const align = probabilities(16);
  return (range: RangeDecoder, length: number): number => {
    const slot = range.tree(slots, 6, Math.min(length - 2, 3) * 64);
    if (slot < firstModelled) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < firstDirect) return base + range.reverseTree(modelled, bits, base - slot);
    const upper = range.direct(bits - alignBits) * 16;
    return base + upper + range.reverseTree(align, alignBits);
  };
}
