/**
 * The same bytes in chunks of `size`, but for the last: what some compressors make of a stream depends
 * on where it is cut. A chunk is valid until the next is asked for.
 */
export async function* evenChunks(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(size);
  let used = 0;
  for await (const bytes of source) {
    for (let taken = 0; taken < bytes.length; ) {
      const part = bytes.subarray(taken, taken + size - used);
      chunk.set(part, used);
      taken += part.length;
      used += part.length;
      if (used < size) continue;
      yield chunk;
      used = 0;
    }
  }
  if (used > 0) yield chunk.subarray(0, used);
}
