import { type Probabilities, probabilities, type RangeEncoder } from './range-encoder.ts';

/** Bits of the byte before that choose how a literal is encoded; xz's default. */
export const literalContextBits = 3;
/** Low bits of the position that choose how matches are encoded; xz's default. */
export const positionBits = 2;

const shortestMatch = 2;
const states = 12;
const positions = 1 << positionBits;
const literalSize = 0x300;
const slotBits = 6;
const alignBits = 4;
/** From this slot on, the middle bits of a distance are not worth a model. */
const firstDirectSlot = 14;

interface LengthModel {
  readonly choice: Probabilities;
  readonly low: Probabilities;
  readonly middle: Probabilities;
  readonly high: Probabilities;
}

const lengthModel = (): LengthModel => ({
  choice: probabilities(2),
  low: probabilities(positions << 3),
  middle: probabilities(positions << 3),
  high: probabilities(256),
});

const newModels = () => ({
  isMatch: probabilities(states * positions),
  isRepeat: probabilities(states),
  /** Models of the bits for a repeated distance older than the last, the one before that, and so on. */
  isOlder: [probabilities(states), probabilities(states), probabilities(states)] as const,
  isLongRepeat: probabilities(states * positions),
  literals: probabilities(literalSize << literalContextBits),
  matchLengths: lengthModel(),
  repeatLengths: lengthModel(),
  slots: probabilities(4 << slotBits),
  footers: probabilities(128),
  align: probabilities(1 << alignBits),
});

/** Encodes literals and matches, and adapts to them. Of a position only the low bits count. */
export interface SymbolEncoder {
  /** The last four distances that differ, the latest first; 1 is the byte before. */
  readonly repeats: Uint32Array;
  literal(window: Uint8Array, at: number): void;
  match(at: number, length: number, distance: number): void;
  /** A match at `repeats[which]`. */
  repeat(at: number, length: number, which: number): void;
  /** Forgets all it has adapted to. */
  reset(): void;
}

/** Encodes the symbols of LZMA (LZMA specification, "The main loop of decoder") by a range coder. */
export function symbolEncoder(coder: RangeEncoder): SymbolEncoder {
  const repeats = new Uint32Array(4);
  let models = newModels();
  /** The kinds of the last symbols, as LZMA numbers them: below 7 after a literal. */
  let state = 0;

  function reset(): void {
    models = newModels();
    repeats.fill(1);
    state = 0;
  }

  function encodeLength(model: LengthModel, length: number, position: number): void {
    const symbol = length - shortestMatch;
    coder.bit(model.choice, 0, symbol < 8 ? 0 : 1);
    if (symbol >= 8) coder.bit(model.choice, 1, symbol < 16 ? 0 : 1);
    if (symbol < 8) coder.tree(model.low, position << 3, 3, symbol);
    else if (symbol < 16) coder.tree(model.middle, position << 3, 3, symbol - 8);
    else coder.tree(model.high, 0, 8, symbol - 16);
  }

  /** Encodes a distance by its slot (the position of its highest bit, and the bit below) and its rest. */
  function encodeDistance(distance: number, length: number): void {
    const value = distance - 1;
    const highest = 31 - Math.clz32(value);
    const slot = value < 4 ? value : (highest << 1) | ((value >>> (highest - 1)) & 1);
    const kind = Math.min(length - shortestMatch, 3);
    coder.tree(models.slots, kind << slotBits, slotBits, slot);
    if (slot < 4) return;
    const footer = highest - 1;
    const base = (2 | (slot & 1)) << footer;
    const rest = value - base;
    if (slot < firstDirectSlot) {
      coder.reverseTree(models.footers, base - slot, footer, rest);
    } else {
      coder.direct(rest >>> alignBits, footer - alignBits);
      coder.reverseTree(models.align, 0, alignBits, rest & ((1 << alignBits) - 1));
    }
  }

  /** Encodes a literal after a match by the byte that would have continued the match: they differ. */
  function encodeUnlike(start: number, expected: number, byte: number): void {
    let offset = 0x100;
    let matched = expected;
    let symbol = byte | 0x100;
    while (symbol < 0x10000) {
      matched <<= 1;
      const matchBit = matched & offset;
      const bit = (symbol >>> 7) & 1;
      coder.bit(models.literals, start + offset + matchBit + (symbol >>> 8), bit);
      symbol <<= 1;
      offset &= ~(matched ^ symbol);
    }
  }

  reset();
  return {
    repeats,
    reset,
    literal(window, at) {
      const position = at & (positions - 1);
      coder.bit(models.isMatch, (state << positionBits) | position, 0);
      const before = at === 0 ? 0 : window[at - 1]!;
      const start = literalSize * (before >>> (8 - literalContextBits));
      if (state < 7) coder.tree(models.literals, start, 8, window[at]!);
      else encodeUnlike(start, window[at - repeats[0]!]!, window[at]!);
      if (state < 4) state = 0;
      else state -= state < 10 ? 3 : 6;
    },
    match(at, length, distance) {
      const position = at & (positions - 1);
      coder.bit(models.isMatch, (state << positionBits) | position, 1);
      coder.bit(models.isRepeat, state, 0);
      encodeLength(models.matchLengths, length, position);
      encodeDistance(distance, length);
      repeats.copyWithin(1, 0, 3);
      repeats[0] = distance;
      state = state < 7 ? 7 : 10;
    },
    repeat(at, length, which) {
      const position = at & (positions - 1);
      coder.bit(models.isMatch, (state << positionBits) | position, 1);
      coder.bit(models.isRepeat, state, 1);
      coder.bit(models.isOlder[0], state, which > 0 ? 1 : 0);
      if (which === 0) coder.bit(models.isLongRepeat, (state << positionBits) | position, 1);
      else coder.bit(models.isOlder[1], state, which > 1 ? 1 : 0);
      if (which > 1) coder.bit(models.isOlder[2], state, which > 2 ? 1 : 0);
      const distance = repeats[which]!;
      repeats.copyWithin(1, 0, which);
      repeats[0] = distance;
      encodeLength(models.repeatLengths, length, position);
      state = state < 7 ? 8 : 11;
    },
  };
}
