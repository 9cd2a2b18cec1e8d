import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { host } from '../../../base/host.ts';

/** Variables by which docker's CLI is told to speak to the daemon otherwise than over a plain socket. */
const otherWays = ['DOCKER_TLS', 'DOCKER_TLS_VERIFY', 'DOCKER_CUSTOM_HEADERS'];

/** The daemon of docker's default context; on Windows a named pipe, which is left to the CLI. */
const localSocket = host.separator === '/' ? 'unix:///var/run/docker.sock' : undefined;

/** A daemon on this machine. */
export interface LocalEndpoint {
  /** Absolute path of its socket. */
  readonly socket: string;
  /** Name of the context by which it was chosen. */
  readonly context: string;
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The part of docker's config.json that is read. */
interface Config {
  readonly currentContext?: unknown;
  readonly HttpHeaders?: unknown;
}

interface ContextMeta {
  readonly Endpoints?: { readonly docker?: { readonly Host?: unknown } };
}

/** Returns the host of a context, as docker's CLI stores it (cli/context/store). */
async function hostOf(context: string, folder: string): Promise<unknown> {
  if (context === 'default') return localSocket;
  const id = createHash('sha256').update(context).digest('hex');
  const meta = await readJson(join(folder, 'contexts/meta', id, 'meta.json'));
  return (meta as ContextMeta | undefined)?.Endpoints?.docker?.Host;
}

/**
 * Finds the daemon that docker's CLI would ask, by its variables, its config and its contexts. Undefined
 * where that is not by a plain socket of this machine, or cannot be told: then the CLI is to be asked.
 */
export async function localEndpoint(
  env: Readonly<Record<string, string | undefined>>,
): Promise<LocalEndpoint | undefined> {
  const folder = env.DOCKER_CONFIG || (env.HOME && join(env.HOME, '.docker'));
  if (!folder || otherWays.some((name) => env[name])) return undefined;
  const config = (await readJson(join(folder, 'config.json'))) as Config | null | undefined;
  if (!config || config.HttpHeaders !== undefined) return undefined;
  const chosen = env.DOCKER_CONTEXT || config.currentContext || 'default';
  if (typeof chosen !== 'string') return undefined;
  const context = env.DOCKER_HOST ? 'default' : chosen;
  const host = env.DOCKER_HOST || (await hostOf(context, folder));
  if (typeof host !== 'string' || !host.startsWith('unix://')) return undefined;
  const socket = host.slice('unix://'.length);
  return isAbsolute(socket) ? { socket, context } : undefined;
}
