import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import type { Download } from '../store/blobs/download-blob.ts';
import type { RunSources } from './sources.ts';

type Places = Pick<RunSources, 'store' | 'offline'>;

/**
 * Runs work that fetches bytes which a lock pins. A place that serves other bytes by now has moved on: it
 * counts as one that does not have them, SOURCE_UNREACHABLE.
 */
export async function asPinned<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== 'SOURCE_CORRUPT') throw error;
    const { message, hint, cause } = error;
    throw new MkbaseError({ code: 'SOURCE_UNREACHABLE', message, ...(hint && { hint }), cause });
  }
}

/** Brings pinned files into the store. Errors: OFFLINE, SOURCE_UNREACHABLE, NO_SPACE, IO. */
export const fetchPinned = (downloads: readonly Download[], { store, offline }: Places, io: Io) =>
  asPinned(() => store.fetch(downloads, { offline }, io));

/** Reads a small pinned file, which is fetched where it is not stored. Errors: as fetchPinned. */
export async function pinnedBytes(download: Download, places: Places, io: Io): Promise<Buffer> {
  await fetchPinned([download], places, io);
  const chunks: Uint8Array[] = [];
  for await (const chunk of places.store.read(download.sha256)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
