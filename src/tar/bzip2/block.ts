import type { BitReader } from './bit-reader.ts';
import { codeLengths, type HuffmanCode, huffmanCode } from './huffman.ts';

const groupSize = 50;
const runA = 0;
const runB = 1;

/** Reads which byte values are in a block: a bit for each 16, then a bit for each value. */
function usedValues(bits: BitReader): Uint8Array {
  const groups = bits.read(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group += 1) {
    if (((groups >> (15 - group)) & 1) === 0) continue;
    const values = bits.read(16);
    for (let at = 0; at < 16; at += 1) {
      if ((values >> (15 - at)) & 1) used.push(group * 16 + at);
    }
  }
  if (used.length === 0) throw new SyntaxError('a block uses no byte');
  return Uint8Array.from(used);
}

/** Moves the item at an index to the front, and returns it. */
function toFront(list: Uint8Array, index: number): number {
  const item = list[index]!;
  list.copyWithin(1, 0, index);
  list[0] = item;
  return item;
}

/** Reads which code each 50 symbols are in. Throws SyntaxError. */
function selectors(bits: BitReader, codes: number): Uint8Array {
  const count = bits.read(15);
  if (count === 0) throw new SyntaxError('a block has no selector');
  const order = Uint8Array.from({ length: codes }, (_, index) => index);
  return Uint8Array.from({ length: count }, () => {
    let index = 0;
    while (bits.read(1) === 1) {
      index += 1;
      if (index >= codes) throw new SyntaxError('a block selects a code that it has not');
    }
    return toFront(order, index);
  });
}

function codesOf(bits: BitReader, symbols: number) {
  const count = bits.read(3);
  if (count < 2 || count > 6) throw new SyntaxError(`a block has ${count} codes`);
  const selected = selectors(bits, count);
  const codes = Array.from({ length: count }, () => huffmanCode(codeLengths(bits, symbols)));
  return { selected, codes };
}

/** Reads the symbols of a block: runs of the front byte, and places in the list of bytes. */
function* symbolsOf(
  bits: BitReader,
  { selected, codes }: { selected: Uint8Array; codes: readonly HuffmanCode[] },
  end: number,
): Generator<number> {
  for (const selector of selected) {
    const code = codes[selector]!;
    for (let at = 0; at < groupSize; at += 1) {
      const symbol = code.next(bits);
      if (symbol === end) return;
      yield symbol;
    }
  }
  throw new SyntaxError('a block has no end');
}

/**
 * Reads a block's bytes as its transform left them, sorted by what follows them, into `target`, each in
 * the low 8 bits; returns their number. Throws SyntaxError for more than fit.
 */
export function readBlock(bits: BitReader, target: Uint32Array): number {
  const list = usedValues(bits);
  const end = list.length + 1;
  const codes = codesOf(bits, list.length + 2);
  let length = 0;
  let run = 0;
  let weight = 1;
  const put = (byte: number, count: number) => {
    if (count > target.length - length) throw new SyntaxError('a block is larger than stated');
    target.fill(byte, length, length + count);
    length += count;
  };
  for (const symbol of symbolsOf(bits, codes, end)) {
    if (symbol === runA || symbol === runB) {
      run += weight * (symbol + 1);
      weight *= 2;
      if (run > target.length) throw new SyntaxError('a block is larger than stated');
      continue;
    }
    put(list[0]!, run);
    run = 0;
    weight = 1;
    put(toFront(list, symbol - 1), 1);
  }
  put(list[0]!, run);
  return length;
}
