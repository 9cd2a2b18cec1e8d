import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { ioError } from '../base/errors.ts';
import type { Sink } from '../store/transfer/transfer.ts';
import type { OnBytes } from './blobs.ts';

/** A new file that a blob's bytes are written to, and the hash of those that it holds. */
export interface BlobFile extends Sink {
  /** `sha256:<hex>` of the bytes so far. */
  digest(): string;
  close(): void;
}

/**
 * Makes a file for a blob. It is written without waiting for events, so that bytes which come quicker than the
 * disk takes them do not pile up. Errors: IO, NO_SPACE.
 */
export function newBlobFile(path: string, onBytes: OnBytes): BlobFile {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw ioError(error, 'writing', path);
    }
  };
  const file = guarded(() => openSync(path, 'wx', 0o600));
  let hash: Hash = createHash('sha256');
  let size = 0;
  return {
    size: () => size,
    append(chunk) {
      guarded(() => {
        for (let at = 0; at < chunk.length; ) {
          at += writeSync(file, chunk, at, chunk.length - at, size + at);
        }
      });
      hash.update(chunk);
      size += chunk.length;
      onBytes(chunk.length);
    },
    restart() {
      guarded(() => ftruncateSync(file));
      onBytes(-size);
      hash = createHash('sha256');
      size = 0;
    },
    digest: () => `sha256:${hash.copy().digest('hex')}`,
    close() {
      guarded(() => fsyncSync(file));
      closeSync(file);
    },
  };
}
