import { MkbaseError } from '../../base/errors.ts';
import type { Environment } from '../../store/transfer/agent.ts';
import type { RegistryNetwork, Reply } from '../exchange.ts';
import { registryFailed } from '../failure.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { type FoundCredentials, findCredentials } from './credentials.ts';
import { basic, fetchToken } from './token.ts';

/** Says who asks, in the way that a registry wants to be told. */
export interface Login {
  /** Returns the Authorization header for scopes, as far as it is known how to make one. */
  authorization(scopes: readonly string[], signal: AbortSignal): Promise<string | undefined>;
  /** Learns from an answer with status 401 how to log in; what was known for the scopes is forgotten. */
  challenged(reply: Reply, scopes: readonly string[]): void;
  /** Returns the error of a request that the registry does not allow. */
  denied(doing: string, signal: AbortSignal): Promise<MkbaseError>;
}

/** The registry that is logged in to. */
export interface LoginContext {
  readonly domain: string;
  /** Its base. */
  readonly url: URL;
  readonly network: RegistryNetwork;
  readonly env: Environment;
}

const deniedError = (message: string, hint: string) =>
  new MkbaseError({ code: 'REGISTRY_DENIED', message, hint });

/** Opens the login of a registry. Credentials are looked for when the registry first asks for them. */
export function openLogin({ domain, url, network, env }: LoginContext): Login {
  let challenge: Challenge | undefined;
  let looking: Promise<FoundCredentials> | undefined;
  const tokens = new Map<string, Promise<string>>();
  const found = (signal: AbortSignal) => (looking ??= findCredentials(domain, env, signal));

  async function denied(doing: string, signal: AbortSignal): Promise<MkbaseError> {
    const { credentials, from } = await found(signal);
    const hint = `Log in with \`docker login ${domain}\`, as somebody who may.`;
    return credentials === undefined
      ? deniedError(
          `${domain} wants a login for ${doing}, and ${from} has no credentials for it.`,
          hint,
        )
      : deniedError(`${domain} does not allow ${doing} with the credentials in ${from}.`, hint);
  }

  async function tokenFor(scopes: readonly string[], signal: AbortSignal): Promise<string> {
    if (challenge?.scheme !== 'bearer') throw new Error('no token server is known');
    const { credentials } = await found(signal);
    if (credentials?.kind === 'bearer') return credentials.token;
    const wanted = scopes.length > 0 ? scopes : (challenge.scope?.split(' ') ?? []);
    const context = { registry: url, network };
    const token = await fetchToken(challenge, wanted, credentials, context, signal);
    if (token !== undefined) return token;
    throw await denied(`a token for ${wanted.join(', ') || 'it'}`, signal);
  }

  return {
    async authorization(scopes, signal) {
      if (challenge === undefined) return undefined;
      if (challenge.scheme === 'basic') {
        const { credentials } = await found(signal);
        return credentials?.kind === 'password' ? basic(credentials) : undefined;
      }
      const key = scopes.join(' ');
      const token = tokens.get(key) ?? tokenFor(scopes, signal);
      tokens.set(key, token);
      token.catch(() => tokens.delete(key));
      return `Bearer ${await token}`;
    },
    challenged({ header }, scopes) {
      const next = parseChallenge(header('www-authenticate') ?? '');
      if (next === undefined) {
        throw registryFailed(
          `${domain} wants a login, and in no way that mkbase knows: Basic and Bearer.`,
          'Ask whoever runs the registry.',
        );
      }
      challenge = next;
      tokens.delete(scopes.join(' '));
    },
    denied,
  };
}
