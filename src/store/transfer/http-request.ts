import type { Dispatcher } from 'undici';
import type { Agent } from './agent.ts';

export type Headers = Readonly<Record<string, string>>;

/** The head of an answer. */
export interface Answer {
  readonly status: number;
  /** Undefined where the header is missing. */
  header(name: string): string | undefined;
}

/** The bytes that a request sends; an iterable's chunks are valid until the next is asked for. */
export type RequestBody = Uint8Array | AsyncIterable<Uint8Array>;

/** The headers of a request, and its means. */
export interface RequestOptions {
  /** GET when left out. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** Its length is among the headers where it is known. */
  readonly body?: RequestBody;
  readonly headers: Headers;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

/** Hears of an answer as it comes. An error that it throws ends the answer. */
export interface Listener {
  onAnswer(answer: Answer): void;
  onChunk(chunk: Uint8Array): void;
}

/**
 * Sends one request. Resolves at the end of the answer, or at once when it is a redirect. Fails
 * with what the listener throws, the signal's reason or an error of undici's.
 */
export async function httpRequest(
  { origin, pathname, search }: URL,
  { method = 'GET', body, headers, agent, signal }: RequestOptions,
  listener: Listener,
): Promise<Answer> {
  const dispatcher = await agent();
  const request: Dispatcher.DispatchOptions = {
    origin,
    path: pathname + search,
    method,
    // Undici takes iterables, which its types do not say.
    ...(body && { body: body as Uint8Array }),
    // The bytes are hashed as they were published, so none may be encoded on the way (RFC 9110, 12.5.3).
    headers: { 'accept-encoding': 'identity', 'user-agent': 'mkbase', ...headers },
    // The caller watches the pace itself, and counts only the time spent waiting for the network.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(request, handlerOf(listener, signal, resolve, reject));
  });
}

/** Returns the location of a redirect; undefined for any other answer. */
export function redirectOf({ status, header }: Answer): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? header('location') : undefined;
}

/**
 * Chunks are handed on as they are parsed and never held back: in undici 7 a server that closes the
 * connection while its answer is held back ends the process by an assertion (nodejs/undici#5360).
 */
function handlerOf(
  listener: Listener,
  signal: AbortSignal,
  resolve: (answer: Answer) => void,
  reject: (reason: Error) => void,
): Dispatcher.DispatchHandler {
  let leave = (_reason: Error) => {};
  let answer: Answer;
  const fail = (reason: Error) => {
    reject(reason);
    leave(reason);
  };
  const told = (tell: () => void) => {
    try {
      tell();
    } catch (error) {
      fail(error as Error);
    }
  };
  signal.addEventListener('abort', () => fail(signal.reason), { once: true });
  return {
    onRequestStart(controller) {
      leave = (reason) => controller.abort(reason);
      if (signal.aborted) fail(signal.reason);
    },
    onResponseStart(_controller, status, headers) {
      // The head of an interim answer; the real one follows (RFC 9110, 15.2).
      if (status < 200) return;
      answer = { status, header: (name) => [headers[name]].flat()[0] };
      if (redirectOf(answer) === undefined) return told(() => listener.onAnswer(answer));
      resolve(answer);
      leave(new Error('redirected'));
    },
    onResponseData: (_controller, chunk) => told(() => listener.onChunk(chunk)),
    onResponseEnd: () => resolve(answer),
    onResponseError: (_controller, error) => reject(error),
  };
}
