import { isAbsolute, join, resolve } from 'node:path';
import { homeFolder } from '../base/host.ts';

/**
 * Returns the folder in which mkbase keeps what can be fetched or computed again: `$XDG_CACHE_HOME/mkbase`, else
 * `~/.cache/mkbase`. A relative XDG_CACHE_HOME is ignored, as the XDG Base Directory
 * Specification demands.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const base = env.XDG_CACHE_HOME;
  if (base !== undefined && isAbsolute(base)) return join(base, 'mkbase');
  return resolve(homeFolder(env), '.cache', 'mkbase');
}
