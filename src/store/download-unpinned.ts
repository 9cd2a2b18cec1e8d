import type { Io } from '../base/events.ts';
import { discard, openDraft, publish } from './blob-writer.ts';
import type { FetchOptions } from './download.ts';
import { draftSink } from './download-blob.ts';
import type { Layout } from './layout.ts';
import { defaultLimits } from './limits.ts';
import { isLocal, offlineError } from './offline.ts';
import { firstOf, persist } from './retry.ts';
import type { BlobRef } from './store.ts';
import { receive, type Transfer } from './transfer.ts';

/** Downloads one file into the store under whatever hash it has. Errors: see Store. */
export async function downloadUnpinned(
  url: string,
  layout: Layout,
  { offline, maxBytes, limits = defaultLimits }: FetchOptions,
  io: Io,
): Promise<BlobRef> {
  if (offline && !isLocal(url)) throw offlineError([{ urls: [url] }]);
  const draft = await openDraft(layout);
  try {
    const sink = draftSink(draft, () => {});
    const transfer: Transfer = { sink, maxBytes, pinned: false, limits };
    const attempt = () => receive(transfer, url, io.signal);
    await firstOf([url], () => persist(attempt, sink.size, limits, io));
    return await publish(draft);
  } catch (error) {
    await discard(draft);
    throw error;
  }
}
