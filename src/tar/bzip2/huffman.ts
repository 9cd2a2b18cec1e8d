import type { BitReader } from './bit-reader.ts';

const maxLength = 20;

/** A code of up to 20 bits for each of some symbols; `next` reads a symbol. */
export interface HuffmanCode {
  next(bits: BitReader): number;
}

/** Makes the code in which symbols have codes of these lengths. Throws SyntaxError for codes that clash. */
export function huffmanCode(lengths: readonly number[]): HuffmanCode {
  const counts = new Array<number>(maxLength + 1).fill(0);
  for (const length of lengths) counts[length]! += 1;
  const sorted = lengths
    .map((_, symbol) => symbol)
    .sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  let free = 1;
  for (let length = 1; length <= maxLength; length += 1) {
    free = free * 2 - counts[length]!;
    if (free < 0) throw new SyntaxError('a Huffman code has more symbols than fit');
  }
  return {
    next: (bits) => {
      let code = 0;
      let first = 0;
      let index = 0;
      for (let length = 1; length <= maxLength; length += 1) {
        code = code * 2 + bits.read(1);
        const count = counts[length]!;
        if (code - first < count) return sorted[index + code - first]!;
        index += count;
        first = (first + count) * 2;
      }
      throw new SyntaxError('a Huffman code is of no symbol');
    },
  };
}

/** Reads the lengths of a code's symbols, each as its difference from the one before. Throws SyntaxError. */
export function codeLengths(bits: BitReader, symbols: number): number[] {
  let length = bits.read(5);
  return Array.from({ length: symbols }, () => {
    for (;;) {
      if (length < 1 || length > maxLength) throw new SyntaxError('a Huffman code is too long');
      if (bits.read(1) === 0) return length;
      length += bits.read(1) === 0 ? 1 : -1;
    }
  });
}
