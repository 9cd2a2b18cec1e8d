import type { Io } from '../base/events.ts';
import { type DownloadLimits, defaultLimits } from './limits.ts';
import { isLocal, offlineError } from './offline.ts';
import { firstOf, persist } from './retry.ts';
import { receive, type Sink, type Transfer } from './transfer.ts';

export interface FetchOptions {
  readonly maxBytes: number;
  /** Only a file URL is read. */
  readonly offline?: boolean;
  readonly limits?: DownloadLimits;
}

/**
 * The bytes of a small file whose hash is not known beforehand, for instance a signed index.
 * Errors: OFFLINE, SOURCE_UNREACHABLE (`cause` is a TransferFailure with the HTTP `status`, if any),
 * SOURCE_CORRUPT when it is larger than `maxBytes`.
 */
export async function fetchBytes(url: string, options: FetchOptions, io: Io): Promise<Uint8Array> {
  if (options.offline && !isLocal(url)) throw offlineError([{ urls: [url] }]);
  const { maxBytes, limits = defaultLimits } = options;
  const { sink, bytes } = memorySink();
  const transfer: Transfer = { sink, maxBytes, pinned: false, limits };
  await firstOf([url], () =>
    persist(() => receive(transfer, url, io.signal), sink.size, limits, io),
  );
  return bytes();
}

function memorySink(): { readonly sink: Sink; bytes(): Uint8Array } {
  let chunks: Uint8Array[] = [];
  let size = 0;
  const sink: Sink = {
    size: () => size,
    append(chunk) {
      chunks.push(chunk);
      size += chunk.length;
    },
    restart() {
      chunks = [];
      size = 0;
    },
  };
  return { sink, bytes: () => Buffer.concat(chunks) };
}
