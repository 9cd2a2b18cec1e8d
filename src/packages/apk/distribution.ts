import { type PlatformName, platformNames, platforms } from '../../base/platform.ts';

/** A distribution whose packages apk installs. */
export interface ApkDistribution {
  /** Its name in recipes, and the namespace of its package URLs. */
  readonly id: 'alpine' | 'wolfi';
  /** The name by which people know it. */
  readonly title: string;
  /** The mirror that it names itself. */
  readonly mirror: string;
  /** The variable of the environment that names another one. */
  readonly variable: string;
  /** Repositories that packages come from when a recipe names none. */
  readonly repositories: readonly string[];
  /** True where each branch has repositories of its own; else their paths start at the mirror's root. */
  readonly branches: boolean;
  /** Platforms that it has packages for. */
  readonly platforms: readonly PlatformName[];
  /** True where its keys ship with mkbase. */
  readonly keysShip: boolean;
}

export const alpine: ApkDistribution = {
  id: 'alpine',
  title: 'Alpine',
  mirror: 'https://dl-cdn.alpinelinux.org/alpine',
  variable: 'MKBASE_ALPINE_MIRROR',
  repositories: ['main'],
  branches: true,
  platforms: platformNames.filter((name) => platforms[name].alpine !== undefined),
  keysShip: true,
};

export const wolfi: ApkDistribution = {
  id: 'wolfi',
  title: 'Wolfi',
  mirror: 'https://packages.wolfi.dev',
  variable: 'MKBASE_WOLFI_MIRROR',
  repositories: ['os'],
  branches: false,
  platforms: ['linux/amd64', 'linux/arm64'],
  keysShip: false,
};

export type ApkDistributionId = ApkDistribution['id'];

/** Returns a distribution by its name; Alpine where a recipe or a lock names none. */
export const apkDistribution = (id: ApkDistributionId = 'alpine'): ApkDistribution =>
  id === 'wolfi' ? wolfi : alpine;
