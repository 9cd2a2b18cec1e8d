import { addLibrary, type Cause, type FailedBuild, takeGlibc } from './cause.ts';
import {
  type DebianPackage,
  packageOfDependency,
  packageOfLibrary,
  packageOfModule,
} from './debian-packages.ts';

const ownBuild = (name: string): string =>
  `No Debian package is known here that has ${name}. \`apt-file search ${name}\` finds one; what Debian has not can be built from its source, as an \`archive\` of its own.`;

function cureLibrary(library: string, build: FailedBuild): string {
  const { libc, packages, toolchain } = build;
  if (/^(?:stdc\+\+|supc\+\+)$/.test(library) && libc !== 'glibc') {
    return `${toolchain} has no standard library of C++. ${takeGlibc}.`;
  }
  const found = packageOfLibrary(library);
  if (found === undefined) return ownBuild(`lib${library}.a`);
  const shared = found.sharedOnly.includes(library);
  if (shared || (packages.includes(found.name) && libc === 'glibc')) {
    return `Debian's ${found.name} has ${library} as a shared library only, and a static program needs lib${library}.a: build it from its source, or leave it out.`;
  }
  return `lib${library}.a is in Debian's package ${found.name}. ${addLibrary(build, found.name)}`;
}

function cureDependency(name: string, found: DebianPackage | undefined, build: FailedBuild) {
  if (found === undefined) return ownBuild(name);
  if (build.libc === 'glibc' && build.packages.includes(found.name)) return undefined;
  return `${name} is Debian's package ${found.name}. ${addLibrary(build, found.name)}`;
}

/** The names under which CMake, Meson and pkg-config ask for what no package brings but the compiler. */
const ofCompiler = /^(?:Threads|OpenMP|Git|PkgConfig|threads|openmp)$/;

const dependency = (pattern: RegExp, find: (name: string) => DebianPackage | undefined): Cause => ({
  pattern,
  cure: ([name = ''], build) =>
    ofCompiler.test(name) ? undefined : cureDependency(name, find(name), build),
});

export const missingLibraries: readonly Cause[] = [
  {
    pattern: /(?:cannot find|unable to find library) -l([^\s:]+)/,
    cure: ([library = ''], build) => cureLibrary(library, build),
  },
  {
    pattern: /attempted static link of dynamic object [`'‘]([^'’]+)['’]/,
    cure: ([file = '']) =>
      `${file} is a shared library, and a static program needs one that ends in .a: name another, or build it from its source.`,
  },
  // CMake.
  dependency(/Could NOT find (\w[\w+.-]*)/, packageOfDependency),
  dependency(/package configuration file provided by "([^"]+)"/, packageOfDependency),
  // Meson.
  dependency(/ERROR: Dependency "([^"]+)" not found/, packageOfDependency),
  {
    pattern: /library '([^']+)' not found/,
    cure: ([name = ''], build) => cureLibrary(name, build),
  },
  // pkg-config, and PKG_CHECK_MODULES, which shows what it says.
  dependency(/^Package '?([^\s',]+)'?(?:,| was not found)/, packageOfModule),
  dependency(/^No package '([^']+)' found/, packageOfModule),
];
