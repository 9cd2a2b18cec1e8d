import type { PlatformName } from '../../base/platform.ts';

/** Alpine's names of the platforms. */
const architectures = { 'linux/amd64': 'x86_64', 'linux/arm64': 'aarch64' } as const;

export const alpineArch = (platform: PlatformName): string => architectures[platform];
