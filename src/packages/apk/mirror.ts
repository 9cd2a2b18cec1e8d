import { mirrorUrl } from '../mirror-url.ts';
import type { RunSources } from '../sources.ts';
import { type ApkDistribution, alpine } from './distribution.ts';

/**
 * Returns the mirror chosen for this run: the flag, else the distribution's variable of the environment;
 * undefined without either. Throws USAGE for a value that is no mirror.
 */
export function mirrorOfRun(
  from: {
    readonly flag?: string | undefined;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
  { mirror, variable }: ApkDistribution = alpine,
): string | undefined {
  if (from.flag) return mirrorUrl(from.flag, '--mirror', mirror);
  const named = from.env[variable];
  return named ? mirrorUrl(named, variable, mirror) : undefined;
}

/**
 * Returns the root of the mirror to ask: this run's, else the recipe's, else the distribution's own. Throws
 * USAGE.
 */
export function alpineMirror(
  wanted: { readonly mirror?: string | undefined },
  context: Pick<AlpineContext, 'mirror' | 'distribution'>,
): string {
  if (context.mirror !== undefined) return context.mirror;
  const { mirror } = context.distribution ?? alpine;
  return wanted.mirror ? mirrorUrl(wanted.mirror, 'The recipe', mirror) : mirror;
}

/** The mirror of Alpine, or of a relative, in a run, and the keys that are believed. */
export interface AlpineContext extends Omit<RunSources, 'env'> {
  /** Alpine when left out. */
  readonly distribution?: ApkDistribution;
  /** Mirror root that was named for this run; may carry credentials. Undefined: the recipe decides. */
  readonly mirror: string | undefined;
  /** Files with public keys that are believed besides Alpine's own. */
  readonly keyrings?: readonly string[];
}

/** Returns a distribution's mirror and keys of a run. Throws USAGE for a mirror that is none. */
export const alpineContext = (
  { env, mirror, ...sources }: RunSources,
  distribution: ApkDistribution = alpine,
): AlpineContext => ({
  ...sources,
  distribution,
  mirror: mirrorOfRun({ flag: mirror, env }, distribution),
});
