import type { Io } from '../../base/events.ts';
import { isLocal, offlineError } from './failure.ts';
import { receive } from './receive.ts';
import { firstOf, retry } from './retry.ts';
import type { Network, Sink, Transfer } from './transfer.ts';

/** Options for a file whose hash is not known beforehand. */
export interface FetchOptions {
  readonly maxBytes: number;
  /** Only a file URL is read. */
  readonly offline?: boolean;
}

/**
 * Fetches a file whose hash is not known beforehand into a sink. Errors: OFFLINE, SOURCE_UNREACHABLE
 * (`cause` is a TransferFailure with the HTTP `status`, if any), SOURCE_CORRUPT when it is larger
 * than `maxBytes`.
 */
export async function fetchUnpinned(
  url: string,
  sink: Sink,
  { maxBytes, offline }: FetchOptions,
  network: Network,
  io: Io,
): Promise<void> {
  if (offline && !isLocal(url)) throw offlineError([{ urls: [url] }]);
  const transfer: Transfer = { sink, maxBytes, pinned: false, network };
  const attempt = () => receive(transfer, url, io.signal);
  await firstOf([url], () => retry(attempt, sink.size, network.limits, io));
}

/** Fetches a small file, for instance a signed index, into memory. Errors as `fetchUnpinned`. */
export async function fetchBytes(
  url: string,
  options: FetchOptions,
  network: Network,
  io: Io,
): Promise<Uint8Array> {
  const { sink, bytes } = memorySink();
  await fetchUnpinned(url, sink, options, network, io);
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
