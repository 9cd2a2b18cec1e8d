import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What the server gets wrong; without any it serves as a good mirror does. */
export interface Faults {
  /** Each answer is cut after that many bytes of its body. */
  cutAfter?: number;
  /** Only so many answers are cut; all when left out. */
  cuts?: number;
  /** Range requests are answered with the whole. */
  noRange?: boolean;
  /** Ranges are sent whatever If-Range says, under an ETag that changes each time. */
  changingTag?: boolean;
  noTag?: boolean;
  /** Neither Content-Length nor chunks: the body ends when the connection does. */
  noLength?: boolean;
  /** Everything is answered with a web page, status 200. */
  portal?: boolean;
  /** Everything redirects to itself. */
  redirectLoop?: boolean;
  /** The body never ends. */
  endless?: boolean;
  bytesPerSecond?: number;
  /** The answer begins and then nothing comes. */
  stall?: boolean;
  /** So many first requests are answered with `status`. */
  status?: number;
  statuses?: number;
}

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

export interface Server {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  readonly requests: SeenRequest[];
  /** May be changed between requests. */
  readonly faults: Faults;
  close(): Promise<void>;
}

/** A folder on disk, or bytes by path (with a leading slash); the map may change between requests. */
export type Served = string | ReadonlyMap<string, Uint8Array> | Handler;
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves on a free loopback port. */
export async function serve(served: Served, faults: Faults = {}): Promise<Server> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, headers });
    response.on('error', () => undefined);
    if (typeof served === 'function') served(request, response);
    else answer(served, faults, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  served: Exclude<Served, Handler>,
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://any').pathname);
  if (faults.redirectLoop) return end(response, 302, { location: path });
  if (faults.portal) return end(response, 200, { 'content-type': 'text/html' }, portalPage);
  if (faults.status !== undefined && (faults.statuses ?? 1) > 0) {
    faults.statuses = (faults.statuses ?? Number.POSITIVE_INFINITY) - 1;
    return end(response, faults.status);
  }
  const bytes = await load(served, path);
  if (bytes === undefined) return end(response, 404);
  const start = beginBody(bytes, faults, request, response);
  await sendBody(bytes.subarray(start), faults, response);
}

export const portalPage = '<!doctype html><title>Log in to the network</title>';

function end(response: ServerResponse, status: number, headers = {}, body = ''): void {
  response.writeHead(status, headers).end(body);
}

async function load(served: Exclude<Served, Handler>, path: string) {
  if (typeof served !== 'string') return served.get(path);
  return readFile(join(served, normalize(path))).catch(() => undefined);
}

let tags = 0;

/** Writes the head of a 200 or 206 answer; resolves to the offset at which its body starts. */
function beginBody(
  bytes: Uint8Array,
  faults: Faults,
  { headers }: IncomingMessage,
  response: ServerResponse,
): number {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const tag = faults.changingTag ? `"${hash}-${tags++}"` : `"${hash}"`;
  const wanted = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
  const honoured = faults.changingTag || (headers['if-range'] ?? tag) === tag;
  const start = faults.noRange || !honoured ? 0 : Number(wanted ?? 0);
  const endless = faults.endless || faults.noLength;
  if (faults.noLength) response.useChunkedEncodingByDefault = false;
  const ranged = start > 0;
  if (ranged && start >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` });
    return bytes.length;
  }
  response.writeHead(ranged ? 206 : 200, {
    ...(faults.noTag ? {} : { etag: tag }),
    ...(endless ? {} : { 'content-length': bytes.length - start }),
    ...(ranged && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    'content-type': 'application/octet-stream',
  });
  response.flushHeaders();
  return start;
}

async function sendBody(bytes: Uint8Array, faults: Faults, response: ServerResponse) {
  if (faults.stall) return;
  if (faults.cutAfter !== undefined && (faults.cuts ?? 1) > 0) {
    if (faults.cuts !== undefined) faults.cuts--;
    if (faults.cutAfter < bytes.length) return cut(bytes.subarray(0, faults.cutAfter), response);
  }
  if (faults.bytesPerSecond !== undefined) return trickle(bytes, faults.bytesPerSecond, response);
  while (faults.endless && !response.destroyed) {
    if (!response.write(bytes)) await pause(1);
  }
  response.end(bytes);
}

function cut(bytes: Uint8Array, response: ServerResponse): void {
  // What was written must leave before the connection is cut: an end, and not a reset.
  response.write(bytes, () => response.socket?.end());
}

async function trickle(bytes: Uint8Array, perSecond: number, response: ServerResponse) {
  const tick = 20;
  const step = Math.max(1, Math.round((perSecond * tick) / 1000));
  for (let sent = 0; sent < bytes.length && !response.destroyed; sent += step) {
    response.write(bytes.subarray(sent, sent + step));
    await pause(tick);
  }
  response.end();
}
