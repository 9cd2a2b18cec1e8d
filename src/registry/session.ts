import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { type Environment, openAgent } from '../store/transfer/agent.ts';
import { mayPass, TransferFailure, unreachable } from '../store/transfer/failure.ts';
import type { Headers, RequestBody } from '../store/transfer/http-request.ts';
import { retry } from '../store/transfer/retry.ts';
import { exchange, type RegistryNetwork, type Reply } from './exchange.ts';
import { registryError, registryFailed, wordsOf } from './failure.ts';
import { type RegistryLimits, registryLimits } from './limits.ts';
import { certificatesFor } from './login/certificates.ts';
import { type Login, openLogin } from './login/login.ts';
import { hostOf, isLoopback, type Repository } from './remote-reference.ts';

/** The surroundings in which registries are asked. */
export interface RegistryOptions {
  readonly env: Environment;
  /** Names of registries that may be asked over plain http, beside those on this machine. */
  readonly insecure?: readonly string[];
  readonly limits?: RegistryLimits;
  /** True when no connection may be opened. */
  readonly offline?: boolean;
}

/** A question to a registry. */
export interface Question {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** Path below `/v2/`, or a URL that the registry gave. */
  readonly target: string | URL;
  /** Each `repository:NAME:ACTIONS`. */
  readonly scopes: readonly string[];
  /** Ends "… does not allow", for messages: `pushing to team/app`. */
  readonly doing: string;
  readonly headers?: Headers;
  /** Makes the body, once for each time that it is sent. */
  readonly body?: () => RequestBody;
  /** Most bytes of the answer; those of a short text when left out. */
  readonly most?: number;
}

/** A registry that is talked to. */
export interface Session {
  readonly domain: string;
  /** Its base, with a slash at the end. */
  readonly url: URL;
  readonly network: RegistryNetwork;
  readonly login: Login;
  /**
   * Asks once, logging in where that is wanted. Fails with a TransferFailure that says whether another attempt
   * may do better (also for an answer of 429 or 5xx), REGISTRY_* or INTERRUPTED.
   */
  ask(question: Question, io: Io): Promise<Reply>;
  /** Asks until there is an answer, a bounded number of times. Errors: REGISTRY_*, INTERRUPTED. */
  insist(question: Question, io: Io): Promise<Reply>;
}

/** A repository of an open registry. */
export interface OpenRepository extends Repository {
  readonly session: Session;
}

/** Reads Retry-After (RFC 9110, 10.2.3) as milliseconds. */
function waitOf({ header }: Reply, { longestPause }: RegistryLimits): number {
  const value = header('retry-after') ?? '';
  return /^\d{1,6}$/.test(value) ? Math.min(Number(value) * 1000, longestPause) : 0;
}

/** Runs an attempt until it succeeds, fails for good or has been made often enough. REGISTRY_*. */
export async function persist<T>(
  attempt: () => Promise<T>,
  { limits }: RegistryNetwork,
  io: Io,
): Promise<T> {
  try {
    return await retry(attempt, () => 0, limits, io, 'push');
  } catch (error) {
    throw registryError(error);
  }
}

type Context = Pick<Session, 'domain' | 'url' | 'network' | 'login'>;

/** Sends a question with what is known of the login. */
async function send(
  { method, target, scopes, headers = {}, body, most }: Question,
  { url: base, network, login }: Context,
  { signal }: Io,
): Promise<Reply> {
  const url = typeof target === 'string' ? new URL(`v2/${target}`, base) : target;
  const isOwn = url.origin === base.origin;
  const authorization = isOwn ? await login.authorization(scopes, signal) : undefined;
  const request = { method, url, headers, authorization, body: body?.() };
  return exchange({ ...request, most: most ?? network.limits.answer }, network, signal);
}

/** Asks once, and once more after a login was asked for; a second such answer is a refusal. */
async function ask(question: Question, context: Context, io: Io): Promise<Reply> {
  const { login, network, domain } = context;
  let reply = await send(question, context, io);
  if (reply.status === 401) {
    login.challenged(reply, question.scopes);
    reply = await send(question, context, io);
  }
  const { status } = reply;
  if (status === 401 || status === 403) throw await login.denied(question.doing, io.signal);
  if (!mayPass.has(status)) return reply;
  const words = wordsOf(reply.body);
  throw unreachable(`${domain} answers ${status} to ${question.doing}${words && ` (${words})`}.`, {
    again: true,
    status,
    wait: waitOf(reply, network.limits),
    hint: 'Try again later: the registry is busy or out of order.',
  });
}

const certificateProblem = /certificate is refused|no host of that name|was refused/;

const noPlainHttp = (domain: string) =>
  `If ${domain} speaks plain http, say so: insecure=true in --output type=registry, or --insecure-registry ${domain}.`;

/** Asks for the base of the API, which tells that there is a registry (distribution-spec, end-1). */
async function isRegistry(
  url: URL,
  network: RegistryNetwork,
  signal: AbortSignal,
): Promise<boolean> {
  const target = new URL('v2/', url);
  const request = { method: 'GET' as const, url: target, headers: {}, authorization: undefined };
  const { status } = await exchange({ ...request, most: network.limits.answer }, network, signal);
  if (mayPass.has(status)) throw unreachable(`${url.host} answers ${status}.`, { again: true });
  return status === 200 || status === 401;
}

/** Finds out how a registry is spoken to: by https, else, where that is allowed, by http. */
async function baseOf(
  domain: string,
  mayBePlain: boolean,
  network: RegistryNetwork,
  io: Io,
): Promise<URL> {
  const secure = new URL(`https://${hostOf(domain)}/`);
  const plain = new URL(`http://${hostOf(domain)}/`);
  const firstOf = async (url: URL) => {
    if (await persist(() => isRegistry(url, network, io.signal), network, io)) return url;
    throw registryFailed(
      `There is no registry at ${url.href}v2/.`,
      'Check the name: it is the registry’s host and port, without a path.',
    );
  };
  if (!mayBePlain) {
    return firstOf(secure).catch((error: Error) => {
      const isTls = /SSL|EPROTO|wrong version/i.test(error.message);
      throw isTls ? registryFailed(error.message, noPlainHttp(domain), error) : error;
    });
  }
  try {
    if (await isRegistry(secure, network, io.signal)) return secure;
  } catch (error) {
    if (!(error instanceof TransferFailure) || certificateProblem.test(error.message)) {
      throw registryError(error);
    }
  }
  return firstOf(plain);
}

const mustNotAsk = (domain: string) =>
  new MkbaseError({
    code: 'OFFLINE',
    message: `${domain} is a registry, and no connection may be opened.`,
    hint: 'Leave --offline out, or copy the image first: mkbase copy HOST/NAME:TAG oci:FOLDER.',
  });

const opened = new WeakMap<Environment, Map<string, Promise<Session>>>();

/**
 * Opens a registry, which is asked then whether it is one. It stays open for all that is asked of it with the
 * same environment. Errors: OFFLINE, REGISTRY_*, USAGE, INTERRUPTED.
 */
export async function openSession(
  domain: string,
  options: RegistryOptions,
  io: Io,
): Promise<Session> {
  const { env, insecure = [], offline = false } = options;
  if (offline) throw mustNotAsk(domain);
  const sessions = opened.get(env) ?? new Map<string, Promise<Session>>();
  opened.set(env, sessions);
  const key = `${insecure.includes(domain) ? 'insecure ' : ''}${domain}`;
  const session = sessions.get(key) ?? newSession(domain, options, io);
  sessions.set(key, session);
  session.catch(() => sessions.delete(key));
  return session;
}

async function newSession(
  domain: string,
  { env, insecure = [], limits = registryLimits }: RegistryOptions,
  io: Io,
): Promise<Session> {
  const agent = openAgent(env, await certificatesFor(hostOf(domain), env));
  const network: RegistryNetwork = { limits, agent: () => agent };
  const mayBePlain = isLoopback(domain) || insecure.includes(domain);
  const url = await baseOf(domain, mayBePlain, network, io);
  const context = { domain, url, network, login: openLogin({ domain, url, network, env }) };
  const once = (question: Question, asking: Io) => ask(question, context, asking);
  return {
    ...context,
    ask: once,
    insist: (question, asking) => persist(() => once(question, asking), network, asking),
  };
}

/** Opens a repository of a registry. Errors as openSession. */
export async function openRepository(
  { domain, path }: Repository,
  options: RegistryOptions,
  io: Io,
): Promise<OpenRepository> {
  return { domain, path, session: await openSession(domain, options, io) };
}
