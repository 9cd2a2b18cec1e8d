import type { Dispatcher } from 'undici';
import { MkbaseError } from '../../base/errors.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Returns one agent however often it is called, so that connections are used again. Errors: USAGE. */
export type Agent = () => Promise<Dispatcher>;

const opened = new WeakMap<Environment, Promise<Dispatcher>>();

/**
 * Returns the agent of an environment, which all stores of a process use; it is opened for the first
 * request, since loading undici takes time.
 */
export const lazyAgent =
  (env: Environment): Agent =>
  () => {
    const agent = opened.get(env) ?? openAgent(env);
    opened.set(env, agent);
    return agent;
  };

/** The certificates of TLS beyond those that Node knows: PEM texts, as `tls.connect` takes them. */
export interface Certificates {
  /** All authorities that are believed. */
  readonly ca?: readonly string[];
  /** The client's own. */
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Opens an agent that goes through the proxies named in the environment (http_proxy, https_proxy,
 * no_proxy). As curl does, it takes a proxy without a scheme as http, and asks it for http URLs
 * with GET: many proxies allow CONNECT to port 443 only. Errors: USAGE.
 */
export async function openAgent(
  env: Environment,
  { ca, ...own }: Certificates = {},
): Promise<Dispatcher> {
  // undici is CommonJS, whose named exports a bundle does not have.
  const { EnvHttpProxyAgent } = (await import('undici')).default;
  const httpProxy = proxy(env, 'http_proxy');
  const httpsProxy = proxy(env, 'https_proxy');
  const tls = { ...own, ...(ca && { ca: [...ca] }) };
  return new EnvHttpProxyAgent({
    ...(Object.keys(tls).length > 0 && { connect: tls, requestTls: tls }),
    proxyTunnel: false,
    // Undici reads the process's own environment for each that is left out.
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
  });
}

function proxy(env: Environment, name: string): string | undefined {
  const value = env[name] ?? env[name.toUpperCase()];
  if (!value) return undefined;
  const url = value.includes('://') ? value : `http://${value}`;
  if (URL.canParse(url)) return url;
  throw new MkbaseError({
    code: 'USAGE',
    message: `The environment variable ${name} is not the URL of a proxy.`,
    hint: `Set it like this: ${name}=http://proxy.example:3128`,
  });
}
