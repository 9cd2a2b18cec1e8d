import { createHash } from 'node:crypto';
import type { FilePart, HashRange } from '../../oci/archive-files.ts';
import { blockSize, fields } from '../../tar/format/header-fields.ts';
import { compressionIn, type ReadTar, readPlainTar } from './layer.ts';

/** Finds an image's layer while the parts of its archive are hashed, so that its bytes are read once. */
export interface LayerFinder {
  readonly hash: HashRange;
  /** Returns what was read of a part; undefined for one that was only hashed. */
  at(part: FilePart): ReadTar | undefined;
}

/** Tells whether bytes begin as a tar that is not compressed: ustar, PAX and GNU have a word in common. */
function beginsAsTar(bytes: Uint8Array): boolean {
  const [start] = fields.magic;
  const word = Buffer.from(bytes.subarray(start, start + 5)).toString('latin1');
  return bytes.length >= blockSize && word === 'ustar' && compressionIn(bytes) === 'none';
}

/** Hashes a stream whose first chunk was taken from it, while another reader goes through its bytes. */
function hashedReading(first: IteratorResult<Uint8Array>, others: AsyncIterator<Uint8Array>) {
  const hash = createHash('sha256');
  let waiting: IteratorResult<Uint8Array> | undefined = first;
  let failure: unknown;
  async function next() {
    try {
      const step = waiting ?? (await others.next());
      waiting = undefined;
      if (!step.done) hash.update(step.value);
      return step;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  /** Hashes what the other reader left, and returns the digest. Throws what the stream itself threw. */
  async function finish(): Promise<string> {
    if (failure !== undefined) throw failure;
    while (!(await next()).done);
    return hash.digest('hex');
  }
  // It has no `return`: a reader that gives up does not end the stream.
  return { bytes: { [Symbol.asyncIterator]: () => ({ next }) }, finish };
}

/**
 * Makes a finder for one archive. It reads the first part that begins as a tar and only hashes the others:
 * an image has one layer. `name` stands for the layer in messages.
 */
export function layerFinder(name: string): LayerFinder {
  let found: { readonly file: string; readonly offset: number; readonly tar: ReadTar } | undefined;

  async function hash(...[bytes, { file, offset }]: Parameters<HashRange>): Promise<string> {
    const parts = bytes[Symbol.asyncIterator]();
    const first = await parts.next();
    const reading = hashedReading(first, parts);
    if (found === undefined && !first.done && beginsAsTar(first.value)) {
      const tar = await readPlainTar(reading.bytes, name, { file, offset });
      found = { file, offset, tar };
    }
    return reading.finish();
  }

  return {
    hash,
    at: ({ file, offset }) =>
      found?.file === file && found.offset === offset ? found.tar : undefined,
  };
}
