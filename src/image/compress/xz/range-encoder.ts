/** Probabilities that a bit is 0, in units of 1/2048; each adapts to the bits that it has seen. */
export type Probabilities = Uint16Array;

const one = 2048;
const adaptation = 5;
const top = 2 ** 24;

/** Bytes of the largest LZMA2 chunk and of one more symbol. */
const capacity = 64 * 1024 + 512;

export const probabilities = (count: number): Probabilities => new Uint16Array(count).fill(one / 2);

/** Turns decisions and their probabilities into bytes (LZMA specification, "Range Coder"). */
export interface RangeEncoder {
  /** Encodes one bit by the probability at `index`, and adapts that. */
  bit(model: Probabilities, index: number, bit: number): void;
  /** Encodes a symbol of `bits` bits, the highest first, each by the bits before it. */
  tree(model: Probabilities, start: number, bits: number, symbol: number): void;
  /** Encodes a symbol as `tree` does, the lowest bit first. */
  reverseTree(model: Probabilities, start: number, bits: number, symbol: number): void;
  /** Encodes bits that are as often 0 as 1, the highest first. */
  direct(value: number, bits: number): void;
  /** Returns the most bytes that `finish` would return now. */
  size(): number;
  /** Returns the encoded bytes, valid until the next bit, and starts again. */
  finish(): Uint8Array;
}

/**
 * The registers are in typed arrays, where numbers above 2^31 cost nothing: `low` has 33 bits, of
 * which the highest is carried into bytes that are held back until it is known.
 */
export function rangeEncoder(): RangeEncoder {
  const output = new Uint8Array(capacity);
  const low = new Float64Array(1);
  const range = new Uint32Array(1);
  let used = 0;
  let held = 0;
  let heldBytes = 0;

  function restart(): void {
    low[0] = 0;
    range[0] = 0xffffffff;
    used = 0;
    held = 0;
    heldBytes = 1;
  }

  function shiftLow(): void {
    const value = low[0]!;
    if (value < 0xff000000 || value > 0xffffffff) {
      const carry = value > 0xffffffff ? 1 : 0;
      for (; heldBytes > 0; heldBytes--) {
        output[used++] = held + carry;
        held = 0xff;
      }
      held = (value / top) & 0xff;
    }
    heldBytes++;
    low[0] = (value % top) * 256;
  }

  function bit(model: Probabilities, index: number, value: number): void {
    const probability = model[index]!;
    const bound = (range[0]! >>> 11) * probability;
    if (value === 0) {
      range[0] = bound;
      model[index] = probability + ((one - probability) >>> adaptation);
    } else {
      low[0]! += bound;
      range[0]! -= bound;
      model[index] = probability - (probability >>> adaptation);
    }
    if (range[0]! >= top) return;
    range[0]! <<= 8;
    shiftLow();
  }

  restart();
  return {
    bit,
    tree(model, start, bits, symbol) {
      let node = 1;
      for (let at = bits - 1; at >= 0; at--) {
        const value = (symbol >>> at) & 1;
        bit(model, start + node, value);
        node = (node << 1) | value;
      }
    },
    reverseTree(model, start, bits, symbol) {
      let node = 1;
      for (let at = 0; at < bits; at++) {
        const value = (symbol >>> at) & 1;
        bit(model, start + node, value);
        node = (node << 1) | value;
      }
    },
    direct(value, bits) {
      for (let at = bits - 1; at >= 0; at--) {
        range[0]! >>>= 1;
        if ((value >>> at) & 1) low[0]! += range[0]!;
        if (range[0]! >= top) continue;
        range[0]! <<= 8;
        shiftLow();
      }
    },
    size: () => used + heldBytes + 4,
    finish() {
      for (let at = 0; at < 5; at++) shiftLow();
      const bytes = output.subarray(0, used);
      restart();
      return bytes;
    },
  };
}
