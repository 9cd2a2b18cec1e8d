import type { Dispatcher } from 'undici';
import { MkbaseError } from '../base/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

let shared: Promise<Dispatcher> | undefined;

/** One agent for the whole process, so that connections are used again. */
export function agent(): Promise<Dispatcher> {
  shared ??= openAgent(process.env);
  return shared;
}

/**
 * An agent that goes through the proxies named in the environment (http_proxy, https_proxy,
 * no_proxy). As curl does, it takes a proxy without a scheme as http, and asks it for http URLs
 * with GET: many proxies allow CONNECT to port 443 only. Errors: USAGE.
 */
export async function openAgent(env: Environment): Promise<Dispatcher> {
  // undici is CommonJS, whose named exports a bundle does not have.
  const { EnvHttpProxyAgent } = (await import('undici')).default;
  const httpProxy = proxy(env, 'http_proxy');
  const httpsProxy = proxy(env, 'https_proxy');
  return new EnvHttpProxyAgent({
    proxyTunnel: false,
    ...(httpProxy && { httpProxy }),
    ...(httpsProxy && { httpsProxy }),
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
