/** xorshift32 (Marsaglia): the same numbers everywhere, and nothing that a compressor could learn. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 0;
  }
}

/** Bytes that do not compress. */
export function noise(size: number, seed = 1): Buffer {
  const source = numbers(seed);
  return Buffer.from(Uint8Array.from({ length: size }, () => source.next().value & 0xff));
}

/** Bytes as files have them: words that come again soon, passages that come again later, and noise. */
export function compressible(size: number, seed = 1): Buffer {
  const source = numbers(seed);
  const below = (limit: number) => source.next().value % limit;
  const words = Array.from({ length: 300 }, (_, index) => noise(2 + below(20), index + 1));
  const bytes = Buffer.alloc(size);
  const piece = (at: number): Buffer => {
    const kind = below(100);
    if (kind < 90) return words[below(words.length)]!;
    const from = below(at + 1);
    return kind < 98 ? bytes.subarray(from, from + below(5000)) : noise(below(300), at + 1);
  };
  for (let at = 0; at < size; ) at += piece(at).copy(bytes, at);
  return bytes;
}
