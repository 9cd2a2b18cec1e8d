import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { showUrl } from '../show-url.ts';
import { corrupt, type TransferFailure, typed, wrongBytesHint } from '../transfer/failure.ts';
import { type FetchOptions, fetchUnpinned } from '../transfer/fetch-unpinned.ts';
import { receive } from '../transfer/receive.ts';
import { firstOf, retry } from '../transfer/retry.ts';
import type { Network, Received, Sink, Transfer } from '../transfer/transfer.ts';
import { BlobWriter } from './blob-writer.ts';
import type { BlobRef, Layout } from './layout.ts';

/** A blob to fetch. Bytes that do not hash to `sha256` are never stored. */
export interface Download {
  /** Tried in order. http, https or file. */
  readonly urls: readonly string[];
  readonly sha256: string;
  /** Exact size, where it is known; else at most `maxBytes` are read. */
  readonly size?: number;
  readonly maxBytes?: number;
  /** The recipe says both URL and hash, so that pinning anew finds no other place. */
  readonly byRecipe?: boolean;
}

/** Hears how many bytes have come; fewer than before when some had to be thrown away. */
export type OnBytes = (difference: number) => void;

/**
 * Downloads one pinned blob into the store. The bytes that came before a cut are kept for a later
 * run. Errors: SOURCE_UNREACHABLE, SOURCE_CORRUPT, NO_SPACE, IO, INTERRUPTED.
 */
export async function downloadBlob(
  download: Download,
  layout: Layout,
  network: Network,
  onBytes: OnBytes,
  io: Io,
): Promise<BlobRef> {
  const writer = await BlobWriter.open(layout, download.sha256);
  onBytes(writer.size);
  try {
    await fill(writer, download, network, onBytes, io);
    return await writer.publish();
  } catch (error) {
    const full = error instanceof MkbaseError && error.code === 'NO_SPACE';
    const kept = full ? writer.discard() : writer.shelve(download.sha256);
    await kept.catch(() => writer.discard());
    throw error;
  }
}

/** Downloads one file into the store under the hash that it turns out to have. Errors: see Store. */
export async function downloadUnpinned(
  url: string,
  layout: Layout,
  options: FetchOptions,
  network: Network,
  io: Io,
): Promise<BlobRef> {
  const writer = await BlobWriter.open(layout);
  try {
    await fetchUnpinned(
      url,
      blobSink(writer, () => {}),
      options,
      network,
      io,
    );
    return await writer.publish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

async function fill(
  writer: BlobWriter,
  download: Download,
  network: Network,
  onBytes: OnBytes,
  io: Io,
): Promise<void> {
  const { limits } = network;
  const maxBytes = download.size ?? download.maxBytes ?? limits.maxBytes;
  const sink = blobSink(writer, onBytes);
  if (writer.sha256 === download.sha256) return;
  if (writer.size >= maxBytes) sink.restart();
  const { byRecipe = false } = download;
  const transfer: Transfer = { sink, maxBytes, pinned: true, byRecipe, network };
  const attempt = async (url: string) => {
    const received = await receive(transfer, url, io.signal);
    const failure = mismatch(writer, download, received, url);
    if (failure === undefined) return;
    if (!isCut(writer, download, received)) sink.restart();
    throw failure;
  };
  await firstOf(download.urls, (url) => retry(() => attempt(url), sink.size, limits, io));
}

const blobSink = (writer: BlobWriter, onBytes: OnBytes): Sink => ({
  size: () => writer.size,
  append(chunk) {
    writer.append(chunk);
    onBytes(chunk.length);
  },
  restart() {
    onBytes(-writer.size);
    writer.restart();
  },
});

/**
 * Recognises a body that ended early without having announced its end: the rest can still be asked
 * for.
 */
const isCut = (writer: BlobWriter, { size }: Download, { doubtful }: Received): boolean =>
  doubtful && size !== undefined && writer.size < size;

function mismatch(
  writer: BlobWriter,
  { sha256, size }: Download,
  { doubtful, contentType }: Received,
  url: string,
): TransferFailure | undefined {
  if (writer.sha256 === sha256 && (size === undefined || size === writer.size)) return undefined;
  const expected = `${sha256}${size === undefined ? '' : `, ${size} bytes`}`;
  return corrupt(
    [
      `${showUrl(url)}: not what was expected.`,
      `  expected sha256 ${expected}`,
      `  received sha256 ${writer.sha256}, ${writer.size} bytes${typed(contentType)}`,
    ].join('\n'),
    { again: doubtful, hint: wrongBytesHint(contentType) },
  );
}
