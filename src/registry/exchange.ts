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
import { watchPace } from '../store/transfer/pace.ts';
import type { Network } from '../store/transfer/transfer.ts';
import type { RegistryLimits } from './limits.ts';

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

/** Watches over a request whose bytes are being sent; `sent` is told of each chunk that has gone. */
function watchSending({ idle, settling }: RegistryLimits, where: string, stop: AbortController) {
  const giveUp = () =>
    stop.abort(
      unreachable(`${where}: it takes nothing more.`, {
        again: true,
        hint: 'Try again later, or ask whoever runs the registry.',
      }),
    );
  let timer = setTimeout(giveUp, idle);
  const end = () => clearTimeout(timer);
  return {
    sent: () => timer.refresh(),
    settles() {
      end();
      timer = setTimeout(giveUp, settling);
    },
    end,
  };
}

/** Passes a body on and tells of its progress. */
async function* watched(body: AsyncIterable<Uint8Array>, sent: () => void, settles: () => void) {
  for await (const chunk of body) {
    yield chunk;
    sent();
  }
  settles();
}

async function exchangeOnce(
  { method, url, headers, authorization, body, most }: Request,
  { limits, agent }: RegistryNetwork,
  stop: AbortController,
): Promise<Reply> {
  const where = showUrl(url);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const excess = (coming: number) => {
    if (size + coming > most) throw tooLarge(where, most);
  };
  const sending = body && watchSending(limits, where, stop);
  let pace = body === undefined ? watchPace(limits, where, stop) : undefined;
  const listener: Listener = {
    onAnswer({ header }) {
      sending?.end();
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
  const { signal } = stop;
  try {
    const own: Headers = authorization === undefined ? {} : { authorization };
    const sent =
      body instanceof Uint8Array || body === undefined
        ? body
        : watched(
            body,
            () => sending?.sent(),
            () => sending?.settles(),
          );
    const answer =
      method === 'GET' || method === 'HEAD'
        ? await get(
            url,
            { method, headers, redirects: limits.redirects, authorization, agent, signal },
            listener,
          )
        : await httpRequest(
            url,
            { method, headers: { ...headers, ...own }, ...(sent && { body: sent }), agent, signal },
            listener,
          );
    if (redirectOf(answer) !== undefined) {
      throw unreachable(`${where}: it sends a ${method} elsewhere, which is not followed.`, {
        again: false,
        hint: 'Name the registry by the host that it redirects to.',
      });
    }
    return { ...answer, body: Buffer.concat(chunks) };
  } finally {
    sending?.end();
    pace?.end();
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
