import { MkbaseError } from './errors.ts';

/**
 * The form of a platform's programs in the header of an ELF file (gABI, "ELF Header"; the supplements of
 * each processor).
 */
export interface ElfForm {
  readonly bits: 32 | 64;
  readonly order: 'little' | 'big';
  /** e_machine. */
  readonly machine: number;
  /** Bits of e_flags that are the same in all of its programs, and their values; none when left out. */
  readonly flags?: { readonly mask: number; readonly value: number };
  /** Values of Tag_CPU_arch (ABI for the Arm Architecture, "Build Attributes") that it runs; 32-bit ARM only. */
  readonly armArchitectures?: readonly number[];
}

/** A platform in the words of the worlds mkbase speaks with: OCI, Debian, Alpine, GNU, QEMU and ELF. */
export interface Platform {
  readonly name: PlatformName;
  readonly ociArchitecture: string;
  /** OCI variant, where images of that architecture carry one (`v8` on arm64). */
  readonly ociVariant?: string;
  /** Debian's architecture whose packages run there. */
  readonly debian: string;
  /** The newest stable suite of Debian that has the architecture; left out where none has. */
  readonly debianSuite?: string;
  /** Alpine's architecture; left out where Alpine has none. */
  readonly alpine?: string;
  /** Debian's triplet for folders of libraries. */
  readonly multiarch: string;
  /** Name of the target in GCC's and binutils' programs. */
  readonly gnu: string;
  /** Name of the processor in QEMU's programs: `qemu-<qemu>-static`. */
  readonly qemu: string;
  readonly elf: ElfForm;
}

export const platformNames = [
  'linux/amd64',
  'linux/arm64',
  'linux/386',
  'linux/arm/v5',
  'linux/arm/v6',
  'linux/arm/v7',
  'linux/mips64le',
  'linux/ppc64le',
  'linux/riscv64',
  'linux/s390x',
  'linux/loong64',
] as const;
export type PlatformName = (typeof platformNames)[number];

const little = (bits: 32 | 64, machine: number): ElfForm => ({ bits, order: 'little', machine });

/** EF_ARM_ABI_FLOAT_SOFT and EF_ARM_ABI_FLOAT_HARD, of which version 5 of the ABI sets one. */
const armFloat = { soft: 0x200, hard: 0x400 };
const armForm = (armArchitectures: readonly number[], float?: 'soft' | 'hard'): ElfForm => ({
  ...little(32, 40),
  ...(float && {
    flags: { mask: armFloat.soft | armFloat.hard, value: armFloat[float] },
  }),
  armArchitectures,
});

/** Tag_CPU_arch up to v5TEJ; v6 and v6KZ, and v6K; v6T2 and v7. */
const arm5 = [0, 1, 2, 3, 4, 5];
const arm6 = [...arm5, 6, 7, 9];
const arm7 = [...arm6, 8, 10];

const softArm = {
  ociArchitecture: 'arm',
  debian: 'armel',
  debianSuite: 'trixie',
  multiarch: 'arm-linux-gnueabi',
  gnu: 'arm-linux-gnueabi',
  qemu: 'arm',
};

export const platforms: Readonly<Record<PlatformName, Platform>> = {
  'linux/amd64': {
    name: 'linux/amd64',
    ociArchitecture: 'amd64',
    debian: 'amd64',
    debianSuite: 'trixie',
    alpine: 'x86_64',
    multiarch: 'x86_64-linux-gnu',
    gnu: 'x86_64-linux-gnu',
    qemu: 'x86_64',
    elf: little(64, 62),
  },
  'linux/arm64': {
    name: 'linux/arm64',
    ociArchitecture: 'arm64',
    ociVariant: 'v8',
    debian: 'arm64',
    debianSuite: 'trixie',
    alpine: 'aarch64',
    multiarch: 'aarch64-linux-gnu',
    gnu: 'aarch64-linux-gnu',
    qemu: 'aarch64',
    elf: little(64, 183),
  },
  'linux/386': {
    name: 'linux/386',
    ociArchitecture: '386',
    debian: 'i386',
    debianSuite: 'trixie',
    alpine: 'x86',
    multiarch: 'i386-linux-gnu',
    gnu: 'i686-linux-gnu',
    qemu: 'i386',
    elf: little(32, 3),
  },
  'linux/arm/v5': {
    name: 'linux/arm/v5',
    ociVariant: 'v5',
    ...softArm,
    elf: armForm(arm5, 'soft'),
  },
  // Debian has soft float for it, Alpine has hard float.
  'linux/arm/v6': {
    name: 'linux/arm/v6',
    ociVariant: 'v6',
    ...softArm,
    alpine: 'armhf',
    elf: armForm(arm6),
  },
  'linux/arm/v7': {
    name: 'linux/arm/v7',
    ociArchitecture: 'arm',
    ociVariant: 'v7',
    debian: 'armhf',
    debianSuite: 'trixie',
    alpine: 'armv7',
    multiarch: 'arm-linux-gnueabihf',
    gnu: 'arm-linux-gnueabihf',
    qemu: 'arm',
    elf: armForm(arm7, 'hard'),
  },
  'linux/mips64le': {
    name: 'linux/mips64le',
    ociArchitecture: 'mips64le',
    debian: 'mips64el',
    debianSuite: 'bookworm',
    multiarch: 'mips64el-linux-gnuabi64',
    gnu: 'mips64el-linux-gnuabi64',
    qemu: 'mips64el',
    elf: little(64, 8),
  },
  'linux/ppc64le': {
    name: 'linux/ppc64le',
    ociArchitecture: 'ppc64le',
    debian: 'ppc64el',
    debianSuite: 'trixie',
    alpine: 'ppc64le',
    multiarch: 'powerpc64le-linux-gnu',
    gnu: 'powerpc64le-linux-gnu',
    qemu: 'ppc64le',
    elf: little(64, 21),
  },
  'linux/riscv64': {
    name: 'linux/riscv64',
    ociArchitecture: 'riscv64',
    debian: 'riscv64',
    debianSuite: 'trixie',
    alpine: 'riscv64',
    multiarch: 'riscv64-linux-gnu',
    gnu: 'riscv64-linux-gnu',
    qemu: 'riscv64',
    elf: little(64, 243),
  },
  'linux/s390x': {
    name: 'linux/s390x',
    ociArchitecture: 's390x',
    debian: 's390x',
    debianSuite: 'trixie',
    alpine: 's390x',
    multiarch: 's390x-linux-gnu',
    gnu: 's390x-linux-gnu',
    qemu: 's390x',
    elf: { bits: 64, order: 'big', machine: 22 },
  },
  'linux/loong64': {
    name: 'linux/loong64',
    ociArchitecture: 'loong64',
    debian: 'loong64',
    alpine: 'loongarch64',
    multiarch: 'loongarch64-linux-gnu',
    gnu: 'loongarch64-linux-gnu',
    qemu: 'loongarch64',
    elf: little(64, 258),
  },
};

/** Returns a platform as a part of a file's name: `linux-arm-v7`. */
export const platformFileName = (platform: PlatformName): string => platform.replaceAll('/', '-');

/** The variants that a config without one stands for (containerd, platforms.Normalize). */
const usualVariants: Readonly<Record<string, string>> = { arm: 'v7', arm64: 'v8' };

/** Returns the platform of an image's config or of an index's entry; undefined for one that mkbase does not know. */
export function platformOfImage(told: {
  readonly os?: unknown;
  readonly architecture?: unknown;
  readonly variant?: unknown;
}): Platform | undefined {
  const { os = 'linux', architecture, variant } = told;
  if (os !== 'linux' || typeof architecture !== 'string') return undefined;
  const wanted = variant || usualVariants[architecture];
  return Object.values(platforms).find(
    (each) => each.ociArchitecture === architecture && each.ociVariant === wanted,
  );
}

/** Says how a machine comes to run programs of another platform; the emulator has to be open before a container starts. */
export const emulation =
  'Let the machine emulate them (on Debian and Ubuntu: sudo apt-get install qemu-user-static binfmt-support; elsewhere register QEMU with binfmt_misc and its flag F).';

/** Tells whether a machine runs the programs of a platform by itself: amd64 has the instructions of 386. */
export const runsNatively = (machine: PlatformName, platform: PlatformName): boolean =>
  machine === platform || (machine === 'linux/amd64' && platform === 'linux/386');

/** Platforms of machines that mkbase runs and compiles on, by Node's names of their processors. */
const hosts = { x64: 'linux/amd64', arm64: 'linux/arm64' } as const;
export type HostPlatformName = (typeof hosts)[keyof typeof hosts];
export const hostPlatformNames: readonly HostPlatformName[] = Object.values(hosts);

/** A platform that builders run on. */
export type HostPlatform = Platform & { readonly name: HostPlatformName };

/**
 * Returns the platform of the machine that mkbase runs on. Throws USAGE on one that mkbase cannot
 * build on.
 */
export function hostPlatform(arch: string = process.arch): HostPlatform {
  const name = Object.hasOwn(hosts, arch) ? hosts[arch as keyof typeof hosts] : undefined;
  if (name !== undefined) return { ...platforms[name], name };
  throw new MkbaseError({
    code: 'USAGE',
    message: `This machine's architecture is ${arch}; mkbase runs on ${hostPlatformNames.join(' and ')}.`,
    hint: 'Run it on such a machine; --platform chooses what the image is for.',
  });
}
