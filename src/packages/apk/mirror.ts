import { mirrorUrl } from '../mirror-url.ts';
import type { RunSources } from '../sources.ts';

/** The mirror that Alpine itself names, used when nothing else is known. */
export const defaultMirror = 'https://dl-cdn.alpinelinux.org/alpine';

/**
 * Returns the mirror chosen for this run: the flag, else MKBASE_ALPINE_MIRROR; undefined without either.
 * Throws USAGE for a value that is no mirror.
 */
export function mirrorOfRun(from: {
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): string | undefined {
  if (from.flag) return mirrorUrl(from.flag, '--mirror', defaultMirror);
  const { MKBASE_ALPINE_MIRROR: named } = from.env;
  return named ? mirrorUrl(named, 'MKBASE_ALPINE_MIRROR', defaultMirror) : undefined;
}

/** Returns the root of the mirror to ask: this run's, else the recipe's, else Alpine's own. Throws USAGE. */
export function alpineMirror(
  wanted: { readonly mirror?: string | undefined },
  context: { readonly mirror: string | undefined },
): string {
  if (context.mirror !== undefined) return context.mirror;
  return wanted.mirror ? mirrorUrl(wanted.mirror, 'The recipe', defaultMirror) : defaultMirror;
}

/** The Alpine mirror of a run, and the keys that are believed. */
export interface AlpineContext extends Omit<RunSources, 'env'> {
  /** Mirror root that was named for this run; may carry credentials. Undefined: the recipe decides. */
  readonly mirror: string | undefined;
  /** Files with public keys that are believed besides Alpine's own. */
  readonly keyrings?: readonly string[];
}

/** Returns the Alpine mirror and keys of a run. Throws USAGE for a mirror that is none. */
export const alpineContext = ({ env, mirror, ...sources }: RunSources): AlpineContext => ({
  ...sources,
  mirror: mirrorOfRun({ flag: mirror, env }),
});
