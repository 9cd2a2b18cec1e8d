import { MkbaseError } from '../../base/errors.ts';
import { record, text } from '../../base/json.ts';
import { showUrl } from '../../store/show-url.ts';
import { mayPass, unreachable } from '../../store/transfer/failure.ts';
import { exchange, type RegistryNetwork, type Reply } from '../exchange.ts';
import { registryFailed, wordsOf } from '../failure.ts';
import type { Challenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';

type Bearer = Extract<Challenge, { scheme: 'bearer' }>;

/** Encodes a user and a password (RFC 7617). */
export const basic = ({ user, password }: Extract<Credentials, { kind: 'password' }>): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Returns the URL of the token server. It is refused where a password would go over an open network. */
function realmOf({ realm }: Bearer, registry: URL): URL {
  const refuse = (why: string): never => {
    throw registryFailed(
      `${registry.host} sends mkbase for a token to ${JSON.stringify(realm.slice(0, 200))}, ${why}.`,
      'No credentials were sent. Ask whoever runs the registry.',
    );
  };
  if (!URL.canParse(realm)) return refuse('which is no URL');
  const url = new URL(realm);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && registry.protocol === 'http:')) {
    return url;
  }
  return refuse('which is not https');
}

/** Asks for a token with a password, or as anybody (distribution, "Token Authentication Specification"). */
function askByGet(url: URL, challenge: Bearer, scopes: readonly string[], given?: Credentials) {
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (given?.kind === 'password') url.searchParams.set('account', given.user);
  const authorization = given?.kind === 'password' ? basic(given) : undefined;
  return { method: 'GET' as const, url, headers: {}, authorization };
}

/** Asks for a token with a refresh token (distribution, "OAuth2 Token Authentication Specification"). */
function askByPost(url: URL, challenge: Bearer, scopes: readonly string[], refresh: string) {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: refresh,
    client_id: 'mkbase',
    scope: scopes.join(' '),
    ...(challenge.service !== undefined && { service: challenge.service }),
  });
  const body = Buffer.from(form.toString());
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
  };
  return { method: 'POST' as const, url, headers, authorization: undefined, body };
}

/** A token is a header's value: anything else in it would be another header. */
const tokenPattern = /^[\x21-\x7e]{1,65536}$/;

function tokenIn({ body }: Reply, where: string): string {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    answer = undefined;
  }
  const { token, access_token: access } = record(answer);
  const found = text(token) || text(access);
  if (tokenPattern.test(found)) return found;
  throw registryFailed(`${where} answers without a token.`, 'Ask whoever runs the registry.');
}

/**
 * Fetches a token for scopes, each `repository:NAME:ACTIONS`. Undefined when the token server does not take
 * the credentials. Fails with a TransferFailure, REGISTRY_FAILED or INTERRUPTED.
 */
export async function fetchToken(
  challenge: Bearer,
  scopes: readonly string[],
  credentials: Credentials | undefined,
  { registry, network }: { readonly registry: URL; readonly network: RegistryNetwork },
  signal: AbortSignal,
): Promise<string | undefined> {
  const url = realmOf(challenge, registry);
  const where = showUrl(url);
  const asked =
    credentials?.kind === 'identity'
      ? askByPost(url, challenge, scopes, credentials.token)
      : askByGet(url, challenge, scopes, credentials);
  const reply = await exchange({ ...asked, most: network.limits.answer }, network, signal);
  if (reply.status === 200) return tokenIn(reply, where);
  if ([400, 401, 403].includes(reply.status)) return undefined;
  if (mayPass.has(reply.status)) {
    throw unreachable(`${where}: it answers ${reply.status}.`, { again: true });
  }
  const words = wordsOf(reply.body);
  throw new MkbaseError({
    code: 'REGISTRY_FAILED',
    message: `${where}: it answers ${reply.status} in place of a token${words && ` (${words})`}.`,
    hint: 'Ask whoever runs the registry.',
  });
}
