import type { Io } from '../base/events.ts';
import { findBlob, readBlob, writeBlob } from './blobs/blob.ts';
import { type Download, downloadUnpinned } from './blobs/download-blob.ts';
import { fetchAll } from './blobs/fetch-all.ts';
import { type BlobRef, blobPath, layoutOf, makeLayout } from './blobs/layout.ts';
import { type Environment, lazyAgent } from './transfer/agent.ts';
import { type FetchOptions, fetchBytes } from './transfer/fetch-unpinned.ts';
import { type DownloadLimits, defaultLimits } from './transfer/transfer.ts';
import { sweepWorkspaces } from './workspace.ts';

/**
 * Content-addressed bytes under the cache folder: temp → fsync → rename; hash checked on every
 * read.
 */
export interface Store {
  /** Absolute path of the cache folder. */
  readonly folder: string;

  /** Tells whether the blob is there and whole; reads it to be sure, and removes it when it is not. */
  verify(sha256: string, io: Io): Promise<boolean>;

  /**
   * Reads the bytes of a stored blob. The stream ends only when the hash holds, else in
   * SOURCE_CORRUPT, and the blob is removed.
   */
  read(sha256: string): AsyncIterable<Uint8Array>;

  /** Returns the path of a blob; for bytes that `verify` has just found whole. */
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
   * Downloads and stores a file whose sha256 is not known beforehand. The caller must check the
   * bytes by another way. Errors: OFFLINE, SOURCE_UNREACHABLE, NO_SPACE, and SOURCE_CORRUPT when it
   * is larger than `maxBytes`.
   */
  fetchUnpinned(
    url: string,
    options: { readonly offline: boolean; readonly maxBytes: number },
    io: Io,
  ): Promise<BlobRef>;

  /**
   * Downloads a small file whose hash is not known beforehand, for instance a signed index, and
   * stores nothing. Errors: those of `fetchUnpinned`; the `cause` of SOURCE_UNREACHABLE is a
   * TransferFailure with the HTTP `status`, if any.
   */
  fetchBytes(url: string, options: FetchOptions, io: Io): Promise<Uint8Array>;
}

/** The surroundings of a store. */
export interface StoreSurroundings {
  /** Names the proxies; without it there are none. */
  readonly env?: Environment;
  /** The time against which the age of leftovers is taken; without it, those of unknown owners stay. */
  readonly now?: Date;
}

/**
 * Opens the store in a folder, which is made if it is not there, and removes the temporary files of
 * killed runs. Errors: NO_SPACE, IO.
 */
export async function openStore(
  folder: string,
  limits: DownloadLimits = defaultLimits,
  { env = {}, now }: StoreSurroundings = {},
): Promise<Store> {
  const layout = layoutOf(folder);
  const network = { limits, agent: lazyAgent(env) };
  await makeLayout(layout);
  await sweepWorkspaces(layout.tmp, now);
  return {
    folder: layout.folder,
    verify: async (sha256, io) => (await findBlob(layout, sha256, io)) !== undefined,
    pathOf: (sha256) => blobPath(layout, sha256),
    read: (sha256) => readBlob(layout, sha256),
    write: (source, sha256) => writeBlob(layout, source, sha256),
    fetch: (downloads, { offline }, io) => fetchAll(downloads, layout, { offline, network }, io),
    fetchUnpinned: (url, options, io) => downloadUnpinned(url, layout, options, network, io),
    fetchBytes: (url, options, io) => fetchBytes(url, options, network, io),
  };
}
