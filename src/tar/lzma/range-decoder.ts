const initial = 1024;

/** Makes probabilities of bits, in 2048ths, each of a half. */
export const probabilities = (count: number): Uint16Array => new Uint16Array(count).fill(initial);

/** Decodes bits by their probabilities (LZMA specification, "Range Coder"). */
export class RangeDecoder {
  readonly #bytes: Uint8Array;
  #at: number;
  #range = 0xffff_ffff;
  #code = 0;

  /** Starts at an offset. Throws SyntaxError. */
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
    if (this.#next() !== 0) throw new SyntaxError('its first byte is not zero');
    for (let count = 0; count < 4; count += 1)
      this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  /** Tells whether the stream may end here: nothing is left in the decoder. */
  get isFinished(): boolean {
    return this.#code === 0;
  }

  /** Number of bytes that were not read. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new SyntaxError('the stream is cut short');
    this.#at += 1;
    return byte;
  }

  #normalise(): void {
    if (this.#range >= 0x100_0000) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  /** Reads a bit, and learns from it. */
  bit(probs: Uint16Array, index: number): number {
    const prob = probs[index]!;
    const bound = (this.#range >>> 11) * prob;
    if (this.#code < bound) {
      this.#range = bound;
      probs[index] = prob + ((2048 - prob) >> 5);
      this.#normalise();
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    probs[index] = prob - (prob >> 5);
    this.#normalise();
    return 1;
  }

  /** Reads a number of some bits, the highest first, each by the bits before it. */
  tree(probs: Uint16Array, bits: number, offset = 0): number {
    let node = 1;
    for (let count = 0; count < bits; count += 1) node = node * 2 + this.bit(probs, offset + node);
    return node - (1 << bits);
  }

  /** The same, the lowest bit first. */
  reverseTree(probs: Uint16Array, bits: number, offset = 0): number {
    let node = 1;
    let number = 0;
    for (let count = 0; count < bits; count += 1) {
      const bit = this.bit(probs, offset + node);
      node = node * 2 + bit;
      number |= bit << count;
    }
    return number;
  }

  /** Reads a number of bits that are all as probable. */
  direct(bits: number): number {
    let number = 0;
    for (let count = 0; count < bits; count += 1) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      number = number * 2 + bit;
      this.#normalise();
    }
    return number;
  }
}
