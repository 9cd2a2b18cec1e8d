import { EventEmitter, once } from 'node:events';
import { open } from 'node:fs/promises';
import { ioError } from '../base/errors.ts';

const pieceSize = 256 * 1024;

/** A file that is being written, whose bytes can be read meanwhile. */
export interface GrowingFile {
  /** Says that the file has so many bytes now. */
  grow(size: number): void;
  /** Says that no more will come; with an error, that what there is must not be taken for the whole. */
  end(error?: unknown): void;
  /**
   * Reads the file from its first byte, waiting for what is still to come. A chunk is valid until the next.
   * Throws IO, and the error that the file ended with.
   */
  bytes(): AsyncIterable<Uint8Array>;
}

/** Watches a file that somebody is about to write; `file` is its path. */
export function growingFile(file: string): GrowingFile {
  const changes = new EventEmitter();
  let size = 0;
  let ending: { readonly error?: unknown } | undefined;

  /** Resolves to how many bytes are there, as soon as that is more than `known` or all. */
  async function sizeAfter(known: number): Promise<number> {
    while (size === known && ending === undefined) await once(changes, 'change');
    if (ending?.error !== undefined) throw ending.error;
    return size;
  }

  async function* bytes(): AsyncGenerator<Uint8Array> {
    let there = await sizeAfter(0);
    const handle = await open(file).catch((error: unknown) => {
      throw ioError(error, 'reading', file);
    });
    const piece = Buffer.allocUnsafeSlow(pieceSize);
    try {
      for (let at = 0; ; ) {
        if (at === there) there = await sizeAfter(at);
        if (at === there) return;
        const { bytesRead } = await handle.read(piece, 0, Math.min(pieceSize, there - at), at);
        if (bytesRead === 0) throw new Error(`it ends at byte ${at}, though more was written`);
        at += bytesRead;
        yield piece.subarray(0, bytesRead);
      }
    } catch (error) {
      throw ioError(error, 'reading', file);
    } finally {
      await handle.close();
    }
  }

  return {
    grow(now) {
      size = now;
      changes.emit('change');
    },
    end(error) {
      ending ??= error === undefined ? {} : { error };
      changes.emit('change');
    },
    bytes,
  };
}
