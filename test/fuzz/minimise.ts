/**
 * Makes an input shorter as long as `holds` says that it still does what it was kept for: takes out
 * pieces of half its length, then of a quarter, down to single bytes. Makes at most `most` attempts.
 */
export async function minimised(
  input: Buffer,
  holds: (shorter: Buffer) => Promise<boolean>,
  most: number,
): Promise<Buffer> {
  let shortest = input;
  let attempts = 0;
  for (let piece = Math.ceil(input.length / 2); piece > 0; piece = Math.floor(piece / 2)) {
    for (let at = 0; at < shortest.length; ) {
      if (attempts >= most) return shortest;
      attempts += 1;
      const shorter = Buffer.concat([shortest.subarray(0, at), shortest.subarray(at + piece)]);
      if (await holds(shorter)) shortest = shorter;
      else at += piece;
    }
  }
  return shortest;
}
