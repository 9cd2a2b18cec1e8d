import { showUrl } from '../show-url.ts';
import { mayPass, tooLarge, unreachable } from './failure.ts';
import { get } from './http.ts';
import type { Answer } from './http-request.ts';
import { watchPace } from './pace.ts';
import type { Received, Transfer } from './transfer.ts';

/**
 * GETs a URL into the transfer's sink, going on from what the sink holds where the server can
 * (range requests, RFC 9110, 14). Aborting `stop` ends it with the reason.
 */
export async function receiveHttp(
  transfer: Transfer,
  url: URL,
  stop: AbortController,
): Promise<Received> {
  const { network, sink } = transfer;
  const pace = watchPace(network.limits, showUrl(url), stop);
  const headers = resumeHeaders(transfer, url);
  const options = {
    headers,
    redirects: network.limits.redirects,
    authorization: transfer.authorization,
    agent: network.agent,
    signal: stop.signal,
  };
  let resumed = false;
  let contentType: string | undefined;
  const answer = await get(url, options, {
    onAnswer(answer) {
      resumed = begin(transfer, answer, url);
      contentType = answer.header('content-type');
      refuseExcess(transfer, Number(answer.header('content-length') ?? 0), url, contentType);
    },
    onChunk(chunk) {
      pace.came(chunk.length);
      refuseExcess(transfer, chunk.length, url, contentType);
      sink.append(chunk);
      pace.waits();
    },
  }).finally(pace.end);
  return { doubtful: resumed || !announcesEnd(answer), ...(contentType && { contentType }) };
}

function refuseExcess(
  { sink, maxBytes }: Transfer,
  coming: number,
  url: URL,
  contentType: string | undefined,
): void {
  if (sink.size() + coming > maxBytes) throw tooLarge(showUrl(url), maxBytes, contentType);
}

/** With neither header, a body ends when the connection does, be it cut or complete (RFC 9112, 6.3). */
const announcesEnd = ({ header }: Answer): boolean =>
  header('content-length') !== undefined || header('transfer-encoding') !== undefined;

function resumeHeaders({ sink, origin, pinned }: Transfer, url: URL): Record<string, string> {
  const validator = origin?.url === url.href ? origin.validator : undefined;
  if (sink.size() === 0 || (validator === undefined && !pinned)) return {};
  return { range: `bytes=${sink.size()}-`, ...(validator && { 'if-range': validator }) };
}

/**
 * Makes the sink ready for the answer's body; returns true when the body goes on from the sink's
 * bytes.
 */
function begin(transfer: Transfer, answer: Answer, url: URL): boolean {
  const resumed = answer.status === 206 && continues(transfer, answer, url);
  if (!resumed) {
    if (![200, 206, 416].includes(answer.status)) throw refusal(answer, url, transfer);
    if (transfer.sink.size() > 0) transfer.sink.restart();
    if (answer.status !== 200) {
      throw unreachable(`${showUrl(url)}: it changed while it was fetched.`, { again: true });
    }
  }
  remember(transfer, answer, url);
  return resumed;
}

function continues({ sink, origin }: Transfer, answer: Answer, url: URL): boolean {
  const start = /^bytes (\d+)-/.exec(answer.header('content-range') ?? '')?.[1];
  const before = origin?.url === url.href ? origin.validator : undefined;
  const now = validatorOf(answer);
  return Number(start) === sink.size() && (!before || !now || before === now);
}

function remember(transfer: Transfer, answer: Answer, url: URL): void {
  const validator = validatorOf(answer);
  if (validator) transfer.origin = { url: url.href, validator };
  else delete transfer.origin;
}

/** Only a strong entity tag may be compared for ranges (RFC 9110, 13.1.5). */
function validatorOf({ header }: Answer): string | undefined {
  const tag = header('etag');
  return tag?.startsWith('"') ? tag : undefined;
}

function refusal({ status }: Answer, url: URL, transfer: Transfer) {
  return unreachable(`${showUrl(url)}: the server answers ${status}${meaning(status)}.`, {
    again: mayPass.has(status),
    status,
    ...(status === 404 || status === 410 ? { hint: hintOfAbsent(transfer) } : {}),
  });
}

function hintOfAbsent({ pinned, byRecipe }: Transfer): string {
  if (byRecipe) return movedHint;
  return pinned ? goneHint : absentHint;
}

const movedHint =
  'Correct the URL in the recipe: it may be mistyped, or the file has moved. The sha256 beside it still says which bytes are wanted.';

const absentHint =
  'Check what the recipe names (release, suite, component, URL), and the mirror: --mirror names another.';

const goneHint =
  'A mirror keeps current versions only: pin anew with `mkbase update`, or name a mirror that still has it with --mirror.';

function meaning(status: number): string {
  if (status === 401 || status === 403) return ' (not allowed)';
  if (status === 404 || status === 410) return ' (not there)';
  if (status === 407) return ' (the proxy wants a user and a password)';
  return '';
}
