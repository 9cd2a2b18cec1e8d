/** The bytes as a stream of small chunks, which cut through whatever is in them. */
export async function* streamed(bytes: Uint8Array, chunk = 700): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
}

/** Reads a stream into memory. */
export async function gathered(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const each of stream) chunks.push(Buffer.from(each));
  return Buffer.concat(chunks);
}

/** Decodes UTF-8 as the callers of the parsers of texts do. */
export const textOf = (input: Uint8Array): string => Buffer.from(input).toString('utf8');

/** Encodes texts. */
export const inputsOf = (...texts: readonly string[]): Buffer[] =>
  texts.map((text) => Buffer.from(text));
