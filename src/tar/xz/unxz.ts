import { createHash } from 'node:crypto';
import { withoutSha256 } from './sha256-blocks.ts';

/** A block that was read: the length of what it unpacks to, and the sha256 that this must have. */
interface Expected {
  readonly size: number;
  readonly sha256: Buffer;
}

/**
 * Hashes what comes out, and compares it block by block with the checks that were taken out. Nothing of a
 * block goes into the decoder before the check of the block before it was read.
 */
function blockChecks() {
  const expected: Expected[] = [];
  let hash = createHash('sha256');
  let hashed = 0;
  let isUsed = false;
  const settle = (): void => {
    for (let first = expected[0]; first?.size === hashed; first = expected[0]) {
      if (!hash.digest().equals(first.sha256)) {
        throw new SyntaxError('the sha256 of a block is another');
      }
      expected.shift();
      hash = createHash('sha256');
      hashed = 0;
    }
  };
  return {
    begin: () => {
      isUsed = true;
    },
    add: (size: number, sha256: Buffer) => {
      expected.push({ size, sha256 });
    },
    update: (chunk: Uint8Array): void => {
      for (let rest = isUsed ? chunk : chunk.subarray(0, 0); rest.length > 0; ) {
        settle();
        const part = rest.subarray(0, (expected[0]?.size ?? Number.POSITIVE_INFINITY) - hashed);
        hash.update(part);
        hashed += part.length;
        rest = rest.subarray(part.length);
      }
      if (isUsed) settle();
    },
    end: (): void => {
      settle();
      if (expected.length > 0) throw new SyntaxError('a block is shorter than it should be');
    },
  };
}

/** Makes a web stream that asks for nothing before it is asked itself. */
function pulled(iterator: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const { done, value } = await iterator.next();
    if (done) controller.close();
    else controller.enqueue(value);
  };
  const cancel = async () => {
    await iterator.return?.();
  };
  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
}

/**
 * Ends a decoder before its time: its input ends, and what it makes of the rest is dropped. Cancelled after
 * its last byte, it would fail, and let two streams decode at a time.
 */
async function leave(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  iterator: AsyncIterator<Uint8Array>,
): Promise<void> {
  await iterator.return?.();
  try {
    while (!(await reader.read()).done);
  } catch {
    // It lacks the end of its input.
  }
}

/**
 * Unpacks the .xz file format, by XZ Embedded in WebAssembly: one stream, its blocks checked by CRC32,
 * CRC64 or SHA-256. Only one such stream is decoded at a time; a second one waits.
 */
export async function* unxz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // CommonJS: its exports are only reachable through the default one.
  const { XzReadableStream } = (await import('xz-decompress')).default;
  const checks = blockChecks();
  const iterator = withoutSha256(source, checks);
  const output: ReadableStream<Uint8Array> = new XzReadableStream(pulled(iterator));
  const reader = output.getReader();
  let isRead = false;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      checks.update(next.value);
      if (next.value.length > 0) yield next.value;
    }
    isRead = true;
  } finally {
    if (!isRead) await leave(reader, iterator);
  }
  checks.end();
  for (let rest = await iterator.next(); !rest.done; rest = await iterator.next()) {
    if (rest.value.some((byte) => byte !== 0)) throw new SyntaxError('bytes follow the stream');
  }
}
