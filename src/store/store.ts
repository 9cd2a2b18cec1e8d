import type { Io } from '../base/events.ts';
import { findBlob, readBlob, writeBlob } from './blob.ts';
import { downloadUnpinned } from './download-unpinned.ts';
import { fetchAll } from './fetch-all.ts';
import { blobPath, layoutOf, makeLayout } from './layout.ts';
import { type DownloadLimits, defaultLimits } from './limits.ts';
import { sweepWorkspaces } from './workspace.ts';

/** Bytes in the store, named by their hash. */
export interface BlobRef {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** What to fetch. Bytes that do not hash to `sha256` are never stored. */
export interface Download {
  /** Tried in order. http, https or file. */
  readonly urls: readonly string[];
  readonly sha256: string;
  /** Exact size, where it is known; else at most `maxBytes` are read. */
  readonly size?: number;
  readonly maxBytes?: number;
}

/** Content-addressed bytes under the cache folder: temp → fsync → rename; hash checked on every read. */
export interface Store {
  /** Absolute path of the cache folder. */
  readonly folder: string;

  /** Whether the blob is there and whole; reads it to be sure, and removes it when it is not. */
  verify(sha256: string, io: Io): Promise<boolean>;

  /** The bytes of a stored blob; the last chunk is not followed by an end until the hash held (else SOURCE_CORRUPT, and the blob is removed). */
  read(sha256: string): AsyncIterable<Uint8Array>;

  /** Where a blob stands; for bytes that `verify` has just found whole. */
  pathOf(sha256: string): string;

  /** Stores bytes whose hash must be `sha256`. */
  write(source: AsyncIterable<Uint8Array>, sha256: string): Promise<BlobRef>;

  /**
   * Makes sure that all are stored, downloading those that are not, several at a time, resuming
   * what was cut. Emits `progress` of stage `fetch`. Errors: OFFLINE, SOURCE_UNREACHABLE,
   * SOURCE_CORRUPT (expected, actual and URL in the message), NO_SPACE.
   */
  fetch(
    downloads: readonly Download[],
    options: { readonly offline: boolean },
    io: Io,
  ): Promise<BlobRef[]>;

  /**
   * Downloads and stores a file whose sha256 is not known beforehand. Whoever asks must hold what
   * came against something else. Errors: OFFLINE, SOURCE_UNREACHABLE, NO_SPACE, and SOURCE_CORRUPT
   * when it is larger than `maxBytes`.
   */
  fetchUnpinned(
    url: string,
    options: { readonly offline: boolean; readonly maxBytes: number },
    io: Io,
  ): Promise<BlobRef>;
}

/**
 * Opens the store in a folder, which is made if it is not there, and removes the temporary files of
 * killed runs. Errors: NO_SPACE, IO.
 */
export async function openStore(
  folder: string,
  limits: DownloadLimits = defaultLimits,
): Promise<Store> {
  const layout = layoutOf(folder);
  await makeLayout(layout);
  await sweepWorkspaces(layout.tmp);
  return {
    folder: layout.folder,
    verify: async (sha256, io) => (await findBlob(layout, sha256, io)) !== undefined,
    pathOf: (sha256) => blobPath(layout, sha256),
    read: (sha256) => readBlob(layout, sha256),
    write: (source, sha256) => writeBlob(layout, source, sha256),
    fetch: (downloads, { offline }, io) => fetchAll(downloads, layout, { offline, limits }, io),
    fetchUnpinned: (url, options, io) => downloadUnpinned(url, layout, { ...options, limits }, io),
  };
}
