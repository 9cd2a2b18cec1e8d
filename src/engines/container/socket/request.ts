import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { interrupted } from '../../../base/errors.ts';

/** A request to the API of an engine. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path with its query, which begins with a slash. */
  readonly path: string;
  /** A tar; a chunk's memory may be used anew once the next is asked for. */
  readonly body?: AsyncIterable<Uint8Array>;
}

/** Makes a part of a path of what may be anything, a name with slashes for instance. */
export const pathOf = (name: string): string => name.split('/').map(encodeURIComponent).join('/');

export interface ApiResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/**
 * Sends a body chunk by chunk, as fast as the other side takes it, until it has answered or takes no more: its
 * answer or the error of the connection then says why. Rejects with what the body throws.
 */
async function send(
  outgoing: ReturnType<typeof httpRequest>,
  body: AsyncIterable<Uint8Array>,
  answer: Promise<unknown>,
): Promise<void> {
  // A daemon that has answered may leave the rest unread for as long as it likes.
  const answered = answer.then(
    () => false,
    () => false,
  );
  for await (const chunk of body) {
    const written = new Promise<boolean>((resolve) => {
      outgoing.write(chunk, (error) => resolve(!error));
    });
    if (!(await Promise.race([written, answered]))) return;
  }
  outgoing.end();
}

/**
 * Asks an engine on its socket. Rejects where there is no whole answer, with what `body` throws, and with
 * INTERRUPTED when `signal` aborts; an answer that tells an error is an answer.
 */
export async function askSocket(
  socketPath: string,
  { method, path, body }: ApiRequest,
  signal: AbortSignal,
): Promise<ApiResponse> {
  if (signal.aborted) throw interrupted(signal);
  const headers = body ? { 'Content-Type': 'application/x-tar' } : { 'Content-Length': 0 };
  const outgoing = httpRequest({ socketPath, method, path, headers, agent: false, signal });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
  });
  try {
    const sending = body === undefined ? outgoing.end() : send(outgoing, body, answer);
    const [response] = await Promise.all([answer, sending]);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text: await text(response),
    };
  } catch (error) {
    throw signal.aborted ? interrupted(signal) : error;
  } finally {
    outgoing.destroy();
  }
}
