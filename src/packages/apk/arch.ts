import { MkbaseError } from '../../base/errors.ts';
import { type PlatformName, platformNames, platforms } from '../../base/platform.ts';

/** Returns Alpine's name of a platform. Throws USAGE for one that Alpine has no packages for. */
export function alpineArch(platform: PlatformName): string {
  const { alpine } = platforms[platform];
  if (alpine !== undefined) return alpine;
  const known = platformNames.filter((name) => platforms[name].alpine !== undefined);
  throw new MkbaseError({
    code: 'USAGE',
    message: `Alpine has no packages for ${platform}; expected one of ${known.join(', ')}.`,
    hint: 'Choose another --platform, or state those that the recipe works on under "platforms".',
  });
}
