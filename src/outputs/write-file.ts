import { open, writeFile as writeAll } from 'node:fs/promises';
import { interrupted, MkbaseError } from '../base/errors.ts';
import { hashedStream } from '../base/hash.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

type Bytes = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Writes a new file and makes it durable. Stops with INTERRUPTED when `signal` aborts. */
export async function writeFile(path: string, bytes: Bytes, signal: AbortSignal): Promise<void> {
  const handle = await open(path, 'wx', 0o644);
  try {
    await writeAll(handle, bytes, { signal });
    await handle.sync();
  } catch (error) {
    throw signal.aborted ? interrupted(signal) : error;
  } finally {
    await handle.close();
  }
}

/** Large enough that hashing and not the event loop sets the pace. */
const chunkSize = 1024 * 1024;

/** A file in chunks of one memory: a stream's would be as many as the garbage collector lets lie. */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path);
  const memory = new Uint8Array(chunkSize);
  try {
    for (;;) {
      const { bytesRead } = await handle.read(memory);
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/**
 * A rootfs's tar, in chunks that are valid until the next is asked for; IMAGE_MISMATCH before the end
 * when its bytes are no longer those of its diffID.
 */
export async function* layerBytes({ tar, diffId }: Rootfs): AsyncGenerator<Uint8Array> {
  const { bytes, sha256 } = hashedStream(bytesOf(tar));
  yield* bytes;
  const found = `sha256:${sha256()}`;
  if (found === diffId) return;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `${tar} changed after it was made: expected ${diffId}, found ${found}.`,
    hint: 'Run the same command again; if it happens again, test the disk and the memory.',
  });
}
