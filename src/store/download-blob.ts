import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import {
  append,
  type Draft,
  digestOf,
  discard,
  openDraft,
  publish,
  restart,
  shelve,
} from './blob-writer.ts';
import { corrupt, type TransferFailure, typed, wrongBytesHint } from './failure.ts';
import type { Layout } from './layout.ts';
import type { DownloadLimits } from './limits.ts';
import { firstOf, persist } from './retry.ts';
import { showUrl } from './show-url.ts';
import type { BlobRef, Download } from './store.ts';
import { type Received, receive, type Sink, type Transfer } from './transfer.ts';

/** Told how many bytes have come; fewer than before when some had to be thrown away. */
export type OnBytes = (difference: number) => void;

/**
 * Downloads one pinned blob into the store. What came before a cut is kept for a later run. Errors:
 * SOURCE_UNREACHABLE, SOURCE_CORRUPT, NO_SPACE, IO, INTERRUPTED.
 */
export async function downloadBlob(
  download: Download,
  layout: Layout,
  limits: DownloadLimits,
  onBytes: OnBytes,
  io: Io,
): Promise<BlobRef> {
  const draft = await openDraft(layout, download.sha256);
  onBytes(draft.size);
  try {
    await fill(draft, download, limits, onBytes, io);
    return await publish(draft);
  } catch (error) {
    const full = error instanceof MkbaseError && error.code === 'NO_SPACE';
    await (full ? discard(draft) : shelve(draft, download.sha256)).catch(() => discard(draft));
    throw error;
  }
}

async function fill(
  draft: Draft,
  download: Download,
  limits: DownloadLimits,
  onBytes: OnBytes,
  io: Io,
): Promise<void> {
  const maxBytes = download.size ?? download.maxBytes ?? limits.maxBytes;
  const sink = draftSink(draft, onBytes);
  if (digestOf(draft) === download.sha256) return;
  if (draft.size >= maxBytes) sink.restart();
  const transfer: Transfer = { sink, maxBytes, pinned: true, limits };
  const attempt = async (url: string) => {
    const received = await receive(transfer, url, io.signal);
    const failure = mismatch(draft, download, received, url);
    if (failure === undefined) return;
    if (!isCut(draft, download, received)) sink.restart();
    throw failure;
  };
  await firstOf(download.urls, (url) => persist(() => attempt(url), sink.size, limits, io));
}

/** A sink that fills a draft. */
export function draftSink(draft: Draft, onBytes: OnBytes): Sink {
  return {
    size: () => draft.size,
    append(chunk) {
      append(draft, chunk);
      onBytes(chunk.length);
    },
    restart() {
      onBytes(-draft.size);
      restart(draft);
    },
  };
}

/** A body that ended early without having announced its end: the rest can still be asked for. */
const isCut = (draft: Draft, { size }: Download, { doubtful }: Received): boolean =>
  doubtful && size !== undefined && draft.size < size;

function mismatch(
  draft: Draft,
  { sha256, size }: Download,
  { doubtful, contentType }: Received,
  url: string,
): TransferFailure | undefined {
  const actual = digestOf(draft);
  if (actual === sha256 && (size === undefined || size === draft.size)) return undefined;
  const expected = `${sha256}${size === undefined ? '' : `, ${size} bytes`}`;
  return corrupt(
    [
      `${showUrl(url)}: not what was expected.`,
      `  expected sha256 ${expected}`,
      `  received sha256 ${actual}, ${draft.size} bytes${typed(contentType)}`,
    ].join('\n'),
    { again: doubtful, hint: wrongBytesHint(contentType) },
  );
}
