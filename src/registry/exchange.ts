import { interrupted, MkbaseError } from '../base/errors.ts';
import { showUrl } from '../store/show-url.ts';
import {
  networkFailure,
  TransferFailure,
  tooLarge,
  unreachable,
} from '../store/transfer/failure.ts';
import { get } from '../store/transfer/http.ts';
import {
  type Answer,
  type Headers,
  httpRequest,
  type Listener,
  type RequestBody,
  redirectOf,
} from '../store/transfer/http-request.ts';
import { type Pace, watchPace } from '../store/transfer/pace.ts';
import type { Network } from '../store/transfer/transfer.ts';
import type { RegistryLimits } from './limits.ts';
import { watchSending } from './sending.ts';

/** The means by which a registry is asked. */
export interface RegistryNetwork extends Network {
  readonly limits: RegistryLimits;
}

/** One request. */
export interface Request {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Headers;
  /** An Authorization header, which is sent to the URL's own origin only. */
  readonly authorization: string | undefined;
  readonly body?: RequestBody | undefined;
  /** Most bytes that the answer may have. */
  readonly most: number;
}

/** An answer that has come whole. */
export interface Reply extends Answer {
  readonly body: Buffer;
}

/** Collects an answer of at most so many bytes, and watches its pace once it has begun. */
function collector(
  { method, url, most }: Request,
  limits: RegistryLimits,
  stop: AbortController,
  begins: () => void,
) {
  const where = showUrl(url);
  const chunks: Uint8Array[] = [];
  let size = 0;
  let pace: Pace | undefined;
  const excess = (coming: number) => {
    if (size + coming > most) throw tooLarge(where, most);
  };
  const listener: Listener = {
    onAnswer({ header }) {
      begins();
      pace ??= watchPace(limits, where, stop);
      if (method !== 'HEAD') excess(Number(header('content-length') ?? 0));
    },
    onChunk(chunk) {
      pace?.came(chunk.length);
      excess(chunk.length);
      chunks.push(chunk);
      size += chunk.length;
      pace?.waits();
    },
  };
  return {
    listener,
    /** Waits for the answer from now on: nothing has to be sent first. */
    waits() {
      pace = watchPace(limits, where, stop);
    },
    body: () => Buffer.concat(chunks),
    end: () => pace?.end(),
  };
}

/** Sends a request; GET and HEAD follow redirects, nothing else does. */
async function sent(
  { method, url, headers, authorization }: Request,
  body: RequestBody | undefined,
  listener: Listener,
  { limits, agent }: RegistryNetwork,
  signal: AbortSignal,
): Promise<Answer> {
  if (method === 'GET' || method === 'HEAD') {
    const { redirects } = limits;
    return get(url, { method, headers, redirects, authorization, agent, signal }, listener);
  }
  const own: Headers = authorization === undefined ? {} : { authorization };
  const options = { method, headers: { ...headers, ...own }, ...(body && { body }), agent, signal };
  const answer = await httpRequest(url, options, listener);
  if (redirectOf(answer) === undefined) return answer;
  throw unreachable(`${showUrl(url)}: it sends a ${method} elsewhere, which is not followed.`, {
    again: false,
    hint: 'Name the registry by the host that it redirects to.',
  });
}

async function exchangeOnce(
  request: Request,
  network: RegistryNetwork,
  stop: AbortController,
): Promise<Reply> {
  const { limits } = network;
  const sending = watchSending(request.body, limits, showUrl(request.url), stop);
  const collected = collector(request, limits, stop, sending.end);
  if (request.body === undefined) collected.waits();
  try {
    const answer = await sent(request, sending.body, collected.listener, network, stop.signal);
    return { ...answer, body: collected.body() };
  } finally {
    sending.end();
    collected.end();
  }
}

/**
 * Sends one request and collects the answer, whatever its status. GET and HEAD follow redirects. Fails with
 * a TransferFailure, with what the body throws, or with INTERRUPTED.
 */
export async function exchange(
  request: Request,
  network: RegistryNetwork,
  signal: AbortSignal,
): Promise<Reply> {
  if (signal.aborted) throw interrupted(signal);
  const stop = new AbortController();
  const forward = () => stop.abort(signal.reason);
  signal.addEventListener('abort', forward, { once: true });
  try {
    return await exchangeOnce(request, network, stop);
  } catch (error) {
    if (signal.aborted) throw interrupted(signal);
    if (error instanceof MkbaseError || error instanceof TransferFailure) throw error;
    if (stop.signal.reason instanceof TransferFailure) throw stop.signal.reason;
    if (error instanceof Error && !('code' in error)) throw error;
    throw networkFailure(error, showUrl(request.url));
  } finally {
    signal.removeEventListener('abort', forward);
    stop.abort();
  }
}
