import { MkbaseError } from '../../base/errors.ts';
import type { PlatformName } from '../../base/platform.ts';

/** Platforms by rpm's names of their architectures. */
const archs: Readonly<Partial<Record<PlatformName, string>>> = {
  'linux/amd64': 'x86_64',
  'linux/arm64': 'aarch64',
  'linux/ppc64le': 'ppc64le',
  'linux/riscv64': 'riscv64',
  'linux/s390x': 's390x',
};

/** Platforms for which each of the distributions that mkbase knows has repositories. */
export const rpmDistributionPlatforms: readonly PlatformName[] = [
  'linux/amd64',
  'linux/arm64',
  'linux/ppc64le',
  'linux/s390x',
];

/** Returns rpm's name of a platform's architecture. Throws USAGE for one that no distribution of rpm is for. */
export function rpmArch(platform: PlatformName): string {
  const arch = archs[platform];
  if (arch !== undefined) return arch;
  throw new MkbaseError({
    code: 'USAGE',
    message: `No distribution of rpm is for ${platform}; expected one of ${Object.keys(archs).join(', ')}.`,
    hint: 'Choose another --platform, or state those that the recipe works on under "platforms".',
  });
}
