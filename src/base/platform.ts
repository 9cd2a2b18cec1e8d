import { MkbaseError } from './errors.ts';

/**
 * A platform in the words of the three worlds mkbase speaks with: OCI, Debian and ELF.
 * `machine` is the ELF header's e_machine (gABI, System V ABI); `multiarch` is Debian's triplet.
 */
export interface Platform {
  readonly name: PlatformName;
  readonly ociArchitecture: string;
  /** OCI variant, where images of that architecture carry one (`v8` on arm64). */
  readonly ociVariant?: string;
  readonly debian: string;
  readonly multiarch: string;
  readonly machine: number;
}

export const platformNames = ['linux/amd64', 'linux/arm64'] as const;
export type PlatformName = (typeof platformNames)[number];

export const platforms: Readonly<Record<PlatformName, Platform>> = {
  'linux/amd64': {
    name: 'linux/amd64',
    ociArchitecture: 'amd64',
    debian: 'amd64',
    multiarch: 'x86_64-linux-gnu',
    machine: 62,
  },
  'linux/arm64': {
    name: 'linux/arm64',
    ociArchitecture: 'arm64',
    ociVariant: 'v8',
    debian: 'arm64',
    multiarch: 'aarch64-linux-gnu',
    machine: 183,
  },
};

/** Returns a platform as a part of a file's name: `linux-arm-v7`. */
export const platformFileName = (platform: PlatformName): string => platform.replaceAll('/', '-');

/**
 * Returns the platform of the machine that mkbase runs on. Throws USAGE on one that mkbase cannot
 * build for.
 */
export function hostPlatform(arch: string = process.arch): Platform {
  if (arch === 'x64') return platforms['linux/amd64'];
  if (arch === 'arm64') return platforms['linux/arm64'];
  throw new MkbaseError({
    code: 'USAGE',
    message: `This machine's architecture is ${arch}; mkbase builds for ${platformNames.join(' and ')}.`,
    hint: `Name one with --platform, for instance --platform ${platformNames[0]}.`,
  });
}
