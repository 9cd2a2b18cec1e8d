import { type PlatformName, platformNames, platforms } from '../../../base/platform.ts';
import type { DistributionName } from './distribution.ts';

/**
 * Architectures of suites, as the field `Architectures` of their Release files lists them; those alone that a
 * platform of mkbase has. Ubuntu's are the same for each of its suites since focal.
 */
const architectures: Readonly<Record<DistributionName, Readonly<Record<string, string>>>> = {
  debian: {
    bullseye: 'amd64 arm64 armel armhf i386 mips64el ppc64el s390x',
    bookworm: 'amd64 arm64 armel armhf i386 mips64el ppc64el s390x',
    trixie: 'amd64 arm64 armel armhf i386 ppc64el riscv64 s390x',
  },
  ubuntu: { '': 'amd64 arm64 armhf ppc64el riscv64 s390x' },
};

/**
 * Returns the platforms that a suite has packages for, in the order of an index; undefined for a suite of
 * which mkbase does not know it, and whose signed Release file says it in the build.
 */
export function platformsOfSuite(
  suite: string,
  distro: DistributionName,
): readonly PlatformName[] | undefined {
  const known = architectures[distro][suite] ?? architectures[distro][''];
  const words = known?.split(' ');
  return words && platformNames.filter((name) => words.includes(platforms[name].debian));
}
