import { MkbaseError } from '../base/errors.ts';
import { contentReader, contentSize } from './content.ts';
import type { Content, Entry } from './entry.ts';
import { encodeHeader } from './format/encode-header.ts';
import { blockSize, paddingOf } from './format/header-fields.ts';
import { shown } from './names.ts';

/** Small entries share a chunk, large ones span many. */
const chunkSize = 256 * 1024;

const inMemory = (bytes: Uint8Array): Content => ({ bytes });

const zeroBlocks = Buffer.alloc(2 * blockSize);
const zeros = (length: number): Content => inMemory(zeroBlocks.subarray(0, length));

function checkSize(path: string, size: number, content: Content): void {
  if (contentSize(content) === size) return;
  throw new MkbaseError({
    code: 'INTERNAL',
    message: `${shown(path)} has ${size} bytes, but its content has ${contentSize(content)}.`,
  });
}

/** Yields the archive as a row of contents: header, bytes, padding, and two zero blocks at the end. */
function* pieces(entries: Iterable<Entry>): Generator<Content> {
  for (const entry of entries) {
    yield inMemory(encodeHeader(entry));
    if (entry.type !== 'file') continue;
    checkSize(entry.path, entry.size, entry.content);
    yield entry.content;
    yield zeros(paddingOf(entry.size));
  }
  yield zeros(2 * blockSize);
}

export interface WriteOptions {
  /** Each chunk is valid only until the next is asked for; saves memory where that is known to do. */
  readonly reuseMemory?: boolean;
}

/**
 * Writes entries, in the order given, as the one tar archive that mkbase makes of them. Yields
 * chunks of 256 KiB (the last is shorter); memory is flat. Throws IO when a content cannot be read
 * or is shorter than it says.
 */
export async function* writeTar(
  entries: Iterable<Entry>,
  { reuseMemory = false }: WriteOptions = {},
): AsyncGenerator<Uint8Array> {
  const contents = contentReader();
  let chunk = Buffer.allocUnsafeSlow(chunkSize);
  let used = 0;
  try {
    for (const piece of pieces(entries)) {
      const size = contentSize(piece);
      for (let done = 0; done < size; ) {
        const room = chunk.subarray(used, used + size - done);
        const filling = contents.fill(piece, done, room);
        if (filling !== undefined) await filling;
        done += room.length;
        used += room.length;
        if (used < chunkSize) continue;
        yield chunk;
        if (!reuseMemory) chunk = Buffer.allocUnsafeSlow(chunkSize);
        used = 0;
      }
    }
    if (used > 0) yield chunk.subarray(0, used);
  } finally {
    contents.close();
  }
}
