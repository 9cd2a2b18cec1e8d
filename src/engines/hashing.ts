import { createHash } from 'node:crypto';

/** Passes bytes on and hashes them; `digest` is `sha256:<hex>` of those that passed. */
export function hashing(source: AsyncIterable<Uint8Array>): {
  readonly bytes: AsyncIterable<Uint8Array>;
  digest(): string;
} {
  const hash = createHash('sha256');
  async function* pass() {
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
  }
  return { bytes: pass(), digest: () => `sha256:${hash.digest('hex')}` };
}
