import type { PlatformName } from '../../base/platform.ts';

/** Platforms by rpm's names of their architectures. */
const archs: Readonly<Record<PlatformName, string>> = {
  'linux/amd64': 'x86_64',
  'linux/arm64': 'aarch64',
};

/** Returns rpm's name of a platform's architecture. */
export const rpmArch = (platform: PlatformName): string => archs[platform];
