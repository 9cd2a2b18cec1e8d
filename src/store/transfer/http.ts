import { showUrl } from '../show-url.ts';
import { type TransferFailure, unreachable } from './failure.ts';
import {
  type Answer,
  type Headers,
  httpRequest,
  type Listener,
  type RequestOptions,
  redirectOf,
} from './http-request.ts';

interface GetOptions extends RequestOptions {
  /** Most redirects that are followed. */
  readonly redirects: number;
  /** An Authorization header, which no other origin than the URL's own is sent. */
  readonly authorization?: string | undefined;
}

/**
 * GETs a URL, follows redirects, and resolves when the whole answer has come. A user part is sent as
 * basic authentication (RFC 7617), to the URL's own origin only, and never shown. Fails with what
 * the listener throws, the signal's reason, a TransferFailure or an error of undici's.
 */
export async function get(
  url: URL,
  { headers, redirects, authorization, method, agent, signal }: GetOptions,
  listener: Listener,
): Promise<Answer> {
  let at = url;
  for (let hop = 0; hop <= redirects; hop++) {
    const sent = { ...headers, ...authorizationFor(url, at, authorization) };
    const options = { ...(method && { method }), headers: sent, agent, signal };
    const answer = await httpRequest(at, options, listener);
    const location = redirectOf(answer);
    if (location === undefined) return answer;
    at = redirectTarget(at, location);
  }
  throw unreachable(`${showUrl(url)}: more than ${redirects} redirects.`, { again: false });
}

/**
 * Returns the URL that a redirect leads to. Throws a TransferFailure when it leads from https to
 * anything less, or to a local file.
 */
export function redirectTarget(from: URL, location: string): URL {
  const refused = (reason: string): TransferFailure =>
    unreachable(`${showUrl(from)}: redirects to ${showUrl(location)}, ${reason}.`, {
      again: false,
      hint: 'Name another mirror with --mirror; a captive portal may need a login first.',
    });
  if (!URL.canParse(location, from.href)) throw refused('which is no URL');
  const to = new URL(location, from);
  if (to.protocol !== 'https:' && to.protocol !== 'http:') throw refused('which is refused');
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw refused('which would give up the protection of https');
  }
  return to;
}

function authorizationFor(asked: URL, at: URL, given: string | undefined): Headers {
  if (at.origin !== asked.origin) return {};
  if (given !== undefined) return { authorization: given };
  if (asked.username === '' && asked.password === '') return {};
  const pair = `${decoded(asked.username)}:${decoded(asked.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
