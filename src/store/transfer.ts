import { interrupted, MkbaseError } from '../base/errors.ts';
import { TransferFailure, unreachable } from './failure.ts';
import type { DownloadLimits } from './limits.ts';
import { networkFailure } from './network-problem.ts';
import { receiveFile } from './receive-file.ts';
import { receiveHttp } from './receive-http.ts';
import { showUrl } from './show-url.ts';

/** Where a transfer's bytes go; what it holds already is a beginning to go on from. */
export interface Sink {
  size(): number;
  append(chunk: Uint8Array): void;
  /** Forgets all bytes. */
  restart(): void;
}

/** One download, over all of its attempts. */
export interface Transfer {
  readonly sink: Sink;
  /** Most bytes that the sink may hold. */
  readonly maxBytes: number;
  /** The bytes' hash is known: a beginning may be continued even from another version or mirror. */
  readonly pinned: boolean;
  readonly limits: DownloadLimits;
  /** The URL that the sink's bytes came from, and its strong validator (RFC 9110, 8.8). */
  origin?: { readonly url: string; readonly validator: string };
}

/** What came with the bytes. */
export interface Received {
  /** Not one whole answer, from its first byte to an end that the server had announced. */
  readonly doubtful: boolean;
  readonly contentType?: string;
}

/**
 * One attempt to complete a transfer from one URL (http, https or file). Fails with a
 * TransferFailure, with what the sink throws, or with INTERRUPTED; the sink keeps what came so far.
 */
export async function receive(
  transfer: Transfer,
  address: string,
  signal: AbortSignal,
): Promise<Received> {
  if (signal.aborted) throw interrupted(signal);
  const url = parse(address);
  const stop = new AbortController();
  const forward = () => stop.abort(signal.reason);
  signal.addEventListener('abort', forward, { once: true });
  try {
    if (url.protocol === 'file:') return await receiveFile(transfer, url, stop.signal);
    return await receiveHttp(transfer, url, stop);
  } catch (error) {
    const known = knownReason(error, signal, stop.signal);
    throw known ?? networkFailure(error, showUrl(url), transfer.sink.size());
  } finally {
    signal.removeEventListener('abort', forward);
    stop.abort();
  }
}

function knownReason(error: unknown, signal: AbortSignal, stop: AbortSignal): Error | undefined {
  if (signal.aborted) return interrupted(signal);
  if (error instanceof MkbaseError || error instanceof TransferFailure) return error;
  if (stop.reason instanceof TransferFailure) return stop.reason;
  // Node, OpenSSL and undici give each of their errors a code; one without is a defect of mkbase.
  return error instanceof Error && !('code' in error) ? error : undefined;
}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && ['http:', 'https:', 'file:'].includes(url.protocol)) return url;
  throw unreachable(`${showUrl(address)}: not an http, https or file URL.`, { again: false });
}
