import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { interrupted, MkbaseError } from '../../base/errors.ts';
import { showUrl } from '../show-url.ts';
import { networkFailure, TransferFailure, tooLarge, unreachable } from './failure.ts';
import { receiveHttp } from './receive-http.ts';
import type { Received, Transfer } from './transfer.ts';

/**
 * Attempts once to complete a transfer from one URL (http, https or file). Fails with a
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

const fileHint = 'Check the path and its permissions.';

/** Copies the file at a file URL. It must be a regular one: a device or a pipe might never end. */
async function receiveFile(
  { sink, maxBytes }: Transfer,
  url: URL,
  signal: AbortSignal,
): Promise<Received> {
  const where = showUrl(url);
  const path = await regularFile(url).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw unreachable(`${where}: ${reason}.`, { again: false, cause: error, hint: fileHint });
  });
  if (sink.size() > 0) sink.restart();
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Uint8Array>) {
    if (sink.size() + chunk.length > maxBytes) throw tooLarge(where, maxBytes);
    sink.append(chunk);
  }
  return { doubtful: false };
}

async function regularFile(url: URL): Promise<string> {
  const path = fileURLToPath(url);
  if (!(await stat(path)).isFile()) throw new Error('not a regular file');
  return path;
}
