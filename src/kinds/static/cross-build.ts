import type { Platform } from '../../base/platform.ts';
import type { ToolchainSettings } from '../../recipe/schema/schema.ts';
import { linkerFolder } from './link/link-record.ts';

/** A compiler for another platform than it runs on, and that platform. */
export interface CrossBuild {
  readonly toolchain: ToolchainSettings;
  readonly platform: Platform;
}

/** Names in a builder's `/build` of the files that tell build systems what they compile for. */
const files = { site: 'cross.site', cmake: 'cross.cmake', meson: 'cross.meson' } as const;

/** Folders of pkg-config's files of a platform's own libraries. */
const pkgConfigFolders = ({ gnu, multiarch }: Platform): string =>
  [`/usr/${gnu}/lib/pkgconfig`, `/usr/lib/${multiarch}/pkgconfig`, '/usr/share/pkgconfig'].join(
    ':',
  );

/**
 * Returns the variables from which build systems take the tools of a cross build, besides the compilers; none for
 * a compiler of its own platform.
 */
export function crossVariables({ toolchain, platform }: CrossBuild): Record<string, string> {
  const { target, strip } = toolchain;
  if (target === undefined) return {};
  return {
    AR: `${target}-ar`,
    NM: `${target}-nm`,
    OBJCOPY: `${target}-objcopy`,
    RANLIB: `${target}-ranlib`,
    STRIP: strip[0] ?? `${target}-strip`,
    PKG_CONFIG_LIBDIR: pkgConfigFolders(platform),
    CONFIG_SITE: `/build/${files.site}`,
    CMAKE_TOOLCHAIN_FILE: `/build/${files.cmake}`,
  };
}

/**
 * Does what `--host` does, for every configure of autoconf, those that another one calls among them: each reads
 * this file when it has read its options (autoconf, "Site Defaults").
 */
const siteFile = (target: string): string => `host_alias=${target}
cross_compiling=yes
ac_tool_prefix=${target}-
`;

/** Processors as uname(1) names them, by QEMU's names where those differ. */
const machines: Readonly<Record<string, string>> = { i386: 'i686', mips64el: 'mips64' };
/** Families of processors as meson names them, by QEMU's names where those differ. */
const families: Readonly<Record<string, string>> = {
  i386: 'x86',
  mips64el: 'mips64',
  ppc64le: 'ppc64',
};

/** Returns a toolchain file of CMake (cmake-toolchains(7)). */
const cmakeFile = ({ toolchain: { cc, cxx }, platform: { qemu, gnu } }: CrossBuild): string =>
  `set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${machines[qemu] ?? qemu})
set(CMAKE_C_COMPILER "${cc.join(';')}")
set(CMAKE_CXX_COMPILER "${cxx.join(';')}")
list(APPEND CMAKE_FIND_ROOT_PATH /usr/${gnu} /)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
`;

const list = (words: readonly string[]): string =>
  `[${words.map((word) => `'${word}'`).join(', ')}]`;

/** Returns a cross file of meson. */
function mesonFile({ toolchain, platform: { qemu, elf } }: CrossBuild): string {
  const { cc, cxx, strip, target = '' } = toolchain;
  return `[binaries]
c = ${list(cc)}
cpp = ${list(cxx)}
ar = '${target}-ar'
strip = ${list(strip)}
pkg-config = 'pkg-config'

[properties]
needs_exe_wrapper = true

[host_machine]
system = 'linux'
cpu_family = '${families[qemu] ?? qemu}'
cpu = '${machines[qemu] ?? qemu}'
endian = '${elf.order}'
`;
}

/** Stands before meson, which takes the name of a cross file from its command line alone. */
const meson = `#!/bin/sh
if test "\${1-}" = setup; then
  shift
  exec /usr/bin/meson setup --cross-file /build/${files.meson} "$@"
fi
exec /usr/bin/meson "$@"
`;

/** Files that a cross build is sent besides its sources. */
export interface CrossFiles {
  /** Names at the top of the context → contents. */
  readonly added: Readonly<Record<string, string>>;
  /** Paths in the context → scripts that can be run. */
  readonly scripts: Readonly<Record<string, string>>;
}

/** Returns the files that a cross build is sent; none for a compiler of its own platform. */
export function crossFiles(build: CrossBuild): CrossFiles {
  const { target } = build.toolchain;
  if (target === undefined) return { added: {}, scripts: {} };
  return {
    added: {
      [files.site]: siteFile(target),
      [files.cmake]: cmakeFile(build),
      [files.meson]: mesonFile(build),
    },
    scripts: { [`${linkerFolder}/meson`]: meson },
  };
}
