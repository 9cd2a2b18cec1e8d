import { MkbaseError } from '../../base/errors.ts';
import type { PlatformName } from '../../base/platform.ts';
import { mirrorUrl } from '../mirror-url.ts';
import type { RunSources } from '../sources.ts';

/** Arch's archive of past states (wiki.archlinux.org/title/Arch_Linux_Archive). */
export const defaultMirror = 'https://archive.archlinux.org/repos';

const variable = 'MKBASE_ARCH_MIRROR';

/** Returns the root of the mirror to ask: this run's, else the recipe's, else Arch's own archive. Throws USAGE. */
export function archMirror(
  ofRecipe: string | undefined,
  { mirror, env }: Pick<RunSources, 'mirror' | 'env'>,
): string {
  if (mirror) return mirrorUrl(mirror, '--mirror', defaultMirror);
  const named = env[variable];
  if (named) return mirrorUrl(named, variable, defaultMirror);
  return ofRecipe ? mirrorUrl(ofRecipe, 'The recipe', defaultMirror) : defaultMirror;
}

/** Returns the path of a repository below the archive's root: `2026/11/01/core/os/x86_64`. */
export const repositoryPath = (snapshot: string, repository: string, arch: string): string =>
  `${snapshot.replaceAll('-', '/')}/${repository}/os/${arch}`;

/** Returns Arch's name of a platform. Throws USAGE for any but the one that it is for. */
export function archOf(platform: PlatformName): string {
  if (platform === 'linux/amd64') return 'x86_64';
  throw new MkbaseError({
    code: 'USAGE',
    message: `Arch Linux is for linux/amd64 only; expected that, found ${platform}.`,
    hint: 'Say "platforms: [linux/amd64]" in the recipe, or --platform linux/amd64.',
  });
}
