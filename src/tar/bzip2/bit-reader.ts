/** Bits of bytes, the highest of each first. */
export interface BitReader {
  /** Reads up to 24 bits as a number. Throws SyntaxError at the end of the bytes. */
  read(count: number): number;
  /** Goes on to the next whole byte and returns its offset. */
  align(): number;
}

export function bitReader(bytes: Uint8Array): BitReader {
  let at = 0;
  let held = 0;
  let bits = 0;
  return {
    read: (count) => {
      while (bits < count) {
        const byte = bytes[at];
        if (byte === undefined) throw new SyntaxError('the stream is cut short');
        held = ((held & 0xff_ffff) << 8) | byte;
        at += 1;
        bits += 8;
      }
      bits -= count;
      return (held >>> bits) & ((1 << count) - 1);
    },
    align: () => {
      bits -= bits % 8;
      return at - bits / 8;
    },
  };
}
