/** The build that failed, as far as a cure depends on it. */
export interface FailedBuild {
  /** Name of the toolchain; of the one that is extended, where packages were added. */
  readonly toolchain: string;
  /** Debian packages that the recipe adds to it. */
  readonly packages: readonly string[];
  /** The C library that programs are linked with. */
  readonly libc: 'glibc' | 'musl' | 'none';
  /** True if mkbase compiles and links the recipe's sources itself. */
  readonly compiles: boolean;
  /** Finds a file in the recipe's folder that ends in this path; relative, undefined if there is none. */
  readonly fileBeside: (path: string) => Promise<string | undefined>;
}

/** Words that an error's line gave: the groups of the pattern. */
type Groups = readonly (string | undefined)[];

/** A class of failures: the line that gives it away, and what to do about it in what failed. */
export interface Cause<Failed = FailedBuild> {
  readonly pattern: RegExp;
  /** Returns the hint; undefined if this is another case after all. `line` is the whole line. */
  cure(
    groups: Groups,
    failed: Failed,
    line: string,
  ): Promise<string | undefined> | string | undefined;
}

/** The toolchain for what needs glibc or the standard library of C++. */
const glibcToolchain = 'gcc-glibc';

/** Writes the field that adds packages to a toolchain. */
function toolchainField(
  { packages }: FailedBuild,
  names: readonly string[],
  toolchain: string,
): string {
  const all = [...new Set([...packages, ...names])];
  return `\`toolchain: { extends: ${toolchain}, packages: [${all.join(', ')}] }\``;
}

/** Tells how to add tools to the toolchain at hand, by their packages. */
export const addTool = (build: FailedBuild, ...names: readonly string[]): string =>
  `Add ${names.length > 1 ? names.join(', ') : 'it'} to the builder: ${toolchainField(build, names, build.toolchain)}.`;

/** Tells how to add a library; Debian builds its libraries for glibc alone. */
export function addLibrary(build: FailedBuild, name: string): string {
  if (build.libc === 'glibc') {
    return `Add it to the builder: ${toolchainField(build, [name], build.toolchain)}.`;
  }
  return `Debian builds its libraries for glibc, so they do not fit ${build.toolchain}: take ${toolchainField(build, [name], glibcToolchain)}.`;
}

/** Tells which toolchain has glibc, where the one at hand has not. */
export const takeGlibc = `Take \`toolchain: ${glibcToolchain}\``;

/** Tells where a flag goes: into a recipe of sources, or to a build of its own. */
export const addFlag = (...flags: readonly string[]): string =>
  `\`flags: [${flags.map((flag) => `"${flag}"`).join(', ')}]\``;
