import { createHash, type Hash } from 'node:crypto';
import { ftruncateSync, writeSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../base/errors.ts';
import { blobPath, type Layout, partialPath } from './layout.ts';
import { ownedName } from './owner.ts';
import { syncFolder } from './staging.ts';
import type { BlobRef } from './store.ts';

/**
 * A blob that is being written: a temporary file, and the hash of what is in it so far. It ends
 * with one of publish, shelve and discard. Every function here fails with NO_SPACE or IO.
 */
export interface Draft {
  readonly layout: Layout;
  readonly path: string;
  readonly file: FileHandle;
  /** Bytes so far. */
  size: number;
  hash: Hash;
}

const chunkSize = 256 * 1024;

/**
 * Begins a draft. With `resume` it goes on from what an earlier download of that hash left; taking
 * it is a rename, so of several processes only one gets it.
 */
export async function openDraft(layout: Layout, resume?: string): Promise<Draft> {
  const path = join(layout.tmp, await ownedName());
  return guarded('making', path, async () => {
    const resumed = resume !== undefined && (await tookOver(partialPath(layout, resume), path));
    const file = await open(path, resumed ? 'r+' : 'wx+');
    const draft = { layout, path, file, size: 0, hash: createHash('sha256') };
    if (resumed) await readBack(draft).catch(() => restart(draft));
    return draft;
  });
}

/** Waits for the disk, so that bytes which come quicker than it takes them do not pile up. */
export function append(draft: Draft, chunk: Uint8Array): void {
  try {
    for (let written = 0; written < chunk.length; ) {
      const rest = chunk.length - written;
      written += writeSync(draft.file.fd, chunk, written, rest, draft.size + written);
    }
  } catch (error) {
    throw ioError(error, 'writing', draft.path);
  }
  draft.hash.update(chunk);
  draft.size += chunk.length;
}

/** Forgets all bytes. */
export function restart(draft: Draft): void {
  try {
    ftruncateSync(draft.file.fd);
  } catch (error) {
    throw ioError(error, 'emptying', draft.path);
  }
  draft.size = 0;
  draft.hash = createHash('sha256');
}

/** sha256 of the bytes so far, hexadecimal. */
export const digestOf = (draft: Draft): string => draft.hash.copy().digest('hex');

/** Makes it a blob under its own hash: whole, and on disk, before it can be seen. */
export function publish(draft: Draft): Promise<BlobRef> {
  return guarded('storing', draft.path, async () => {
    const blob = { sha256: digestOf(draft), size: draft.size };
    await draft.file.sync();
    await draft.file.close();
    await rename(draft.path, blobPath(draft.layout, blob.sha256));
    await syncFolder(draft.layout.blobs);
    return blob;
  });
}

/** Puts the bytes aside, for a later download of `sha256` to go on from. */
export function shelve(draft: Draft, sha256: string): Promise<void> {
  return guarded('keeping', draft.path, async () => {
    await draft.file.close();
    if (draft.size > 0) await rename(draft.path, partialPath(draft.layout, sha256));
    else await rm(draft.path, { force: true });
  });
}

/** Leaves nothing of it, however far it came. */
export function discard(draft: Draft): Promise<void> {
  return guarded('removing', draft.path, async () => {
    await draft.file.close();
    await rm(draft.path, { force: true });
  });
}

const tookOver = (from: string, to: string): Promise<boolean> =>
  rename(from, to).then(
    () => true,
    () => false,
  );

async function readBack(draft: Draft): Promise<void> {
  const buffer = Buffer.allocUnsafe(chunkSize);
  for (;;) {
    const { bytesRead } = await draft.file.read(buffer, 0, buffer.length, draft.size);
    if (bytesRead === 0) return;
    draft.hash.update(buffer.subarray(0, bytesRead));
    draft.size += bytesRead;
  }
}

async function guarded<T>(doing: string, path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw ioError(error, doing, path);
  }
}
