import { createHash, type Hash } from 'node:crypto';
import { ftruncateSync, writeSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../../base/errors.ts';
import { moveTo } from '../../base/host-files.ts';
import { ownedName } from '../owner.ts';
import { syncFolder } from '../staging.ts';
import { type BlobRef, blobPath, type Layout, partialPath } from './layout.ts';

const chunkSize = 256 * 1024;

/**
 * A blob that is being written: a temporary file, and the hash of the bytes in it so far. It ends
 * with one of publish, shelve and discard. Every method fails with NO_SPACE or IO.
 */
export class BlobWriter {
  readonly #layout: Layout;
  readonly #path: string;
  readonly #file: FileHandle;
  #size = 0;
  #hash: Hash = createHash('sha256');

  private constructor(layout: Layout, path: string, file: FileHandle) {
    this.#layout = layout;
    this.#path = path;
    this.#file = file;
  }

  /**
   * Begins a blob. With `resume` it goes on from the bytes that an earlier download of that hash
   * left; taking them is a rename, so of several processes only one gets them.
   */
  static async open(layout: Layout, resume?: string): Promise<BlobWriter> {
    const path = join(layout.tmp, await ownedName());
    return guarded('making', path, async () => {
      const resumed = resume !== undefined && (await tookOver(partialPath(layout, resume), path));
      const writer = new BlobWriter(layout, path, await open(path, resumed ? 'r+' : 'wx+'));
      if (resumed) await writer.#readBack().catch(() => writer.restart());
      return writer;
    });
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** The sha256 of the bytes so far, hexadecimal. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Waits for the disk, so that bytes which come quicker than it takes them do not pile up. */
  append(chunk: Uint8Array): void {
    try {
      for (let written = 0; written < chunk.length; ) {
        const rest = chunk.length - written;
        written += writeSync(this.#file.fd, chunk, written, rest, this.#size + written);
      }
    } catch (error) {
      throw ioError(error, 'writing', this.#path);
    }
    this.#hash.update(chunk);
    this.#size += chunk.length;
  }

  /** Forgets all bytes. */
  restart(): void {
    try {
      ftruncateSync(this.#file.fd);
    } catch (error) {
      throw ioError(error, 'emptying', this.#path);
    }
    this.#size = 0;
    this.#hash = createHash('sha256');
  }

  /** Makes it a blob under its own hash: whole, and on disk, before it can be seen. */
  publish(): Promise<BlobRef> {
    return guarded('storing', this.#path, async () => {
      const blob = { sha256: this.sha256, size: this.#size };
      await this.#file.sync();
      await this.#file.close();
      await moveTo(this.#path, blobPath(this.#layout, blob.sha256));
      await syncFolder(this.#layout.blobs);
      return blob;
    });
  }

  /** Puts the bytes aside, for a later download of `sha256` to go on from. */
  shelve(sha256: string): Promise<void> {
    return guarded('keeping', this.#path, async () => {
      await this.#file.close();
      if (this.#size > 0) await moveTo(this.#path, partialPath(this.#layout, sha256));
      else await rm(this.#path, { force: true });
    });
  }

  /** Removes the file, however far it came. */
  discard(): Promise<void> {
    return guarded('removing', this.#path, async () => {
      await this.#file.close();
      await rm(this.#path, { force: true });
    });
  }

  async #readBack(): Promise<void> {
    const buffer = Buffer.allocUnsafe(chunkSize);
    for (;;) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#size);
      if (bytesRead === 0) return;
      this.#hash.update(buffer.subarray(0, bytesRead));
      this.#size += bytesRead;
    }
  }
}

const tookOver = (from: string, to: string): Promise<boolean> =>
  moveTo(from, to).then(
    () => true,
    () => false,
  );

async function guarded<T>(doing: string, path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw ioError(error, doing, path);
  }
}
