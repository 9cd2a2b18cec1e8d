import { posix } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Platform } from '../../base/platform.ts';
import { quoteWord } from '../../base/shell-word.ts';
import type { ToolchainSettings } from '../../recipe/schema/schema.ts';
import { commandLine, toldCommand } from '../../steps/shell-script.ts';
import { isArchiveName } from '../archive.ts';
import { crossVariables } from './cross-build.ts';
import { linkerFolder } from './link/link-record.ts';
import { buildLines, failures } from './own-script.ts';
import type { Program, StaticSource } from './schema.ts';

/** The folder in which the linker finds the objects of the recipe's own sources. */
export const ownObjects = '../obj/';

const cxxEndings = new Set(['.cc', '.cpp', '.cxx', '.C']);
const includeFlag = (folder: string) => `-I${folder}`;

function defineFlags(defines: StaticSource['defines']): string[] {
  return Object.entries(defines).map(([name, value]) =>
    value === true ? `-D${name}` : `-D${name}=${value}`,
  );
}

/**
 * Returns the flags of the link. `-static-pie` takes the place of `-static`: given both, gcc links start
 * files that cannot be moved.
 */
function linkFlagsOf({ linkFlags }: StaticSource, toolchain: ToolchainSettings): string[] {
  const replaced = linkFlags.includes('-static-pie') ? ['-static'] : [];
  return [...toolchain.linkFlags.filter((flag) => !replaced.includes(flag)), ...linkFlags];
}

function compileLines(source: StaticSource, toolchain: ToolchainSettings): string[] {
  const sources = source.sources ?? [];
  const cxx = sources.some((file) => cxxEndings.has(posix.extname(file)));
  const flags = [
    ...source.flags,
    ...defineFlags(source.defines),
    ...source.include.filter((path) => posix.extname(path) === '').map(includeFlag),
  ];
  const objects = sources.map((_, index) => `${ownObjects}${index}.o`);
  const compile = sources.flatMap((file, index) =>
    toldCommand([
      ...(cxxEndings.has(posix.extname(file)) ? toolchain.cxx : toolchain.cc),
      ...flags,
      // Local symbols of C++ and LTO are named after this instead of a random number.
      `-frandom-seed=${file}`,
      '-c',
      file,
      '-o',
      objects[index] ?? '',
    ]),
  );
  const link = toldCommand([
    ...(cxx ? toolchain.cxx : toolchain.cc),
    ...source.flags,
    ...linkFlagsOf(source, toolchain),
    ...(source.strip ? ['-s'] : []),
    '-Wl,-Map=../out/link.map',
    '-o',
    '../out/0',
    ...objects,
    ...source.libs.map((lib) => `-l${lib}`),
  ]);
  return ['cd src', ...compile, ...link, 'cd ..'];
}

/** The archive of a folder of sources beside the recipe, as a build finds it. */
export const treeArchive = 'sources.tar';

/** Returns the lines that unpack a folder of sources into `src/`, as it lies beside the recipe. */
const unpackTree = [
  'mkdir src',
  commandLine(['tar', '-xf', treeArchive, '--no-same-owner', '-C', 'src']),
];

/**
 * Returns the lines that unpack an archive into `src/`: the folder that everything lies in is left out,
 * where there is one. What was done is told in the log.
 */
function unpackLines(archive: string): string[] {
  return [
    'mkdir unpacked',
    commandLine(['tar', '-xf', archive, '--no-same-owner', '-C', 'unpacked']),
    'top=unpacked',
    // Some archives call each file ./name/file; a folder in a folder may be the program's own layout.
    'if test "$(ls -A unpacked | wc -l)" -eq 1; then',
    '  only=unpacked/$(ls -A unpacked)',
    '  if test -d "$only" && ! test -L "$only"; then top=$only; fi',
    'fi',
    'mv "$top" src',
    'if test "$top" = unpacked; then',
    `  echo ${quoteWord(`${archive} has no folder around its files: they are built as they lie.`)} >&2`,
    'else',
    `  echo "The sources are the folder \${top#unpacked/} of "${quoteWord(archive)}. >&2`,
    'fi',
  ];
}

function upstreamLines(
  source: StaticSource,
  programs: readonly Program[],
  strip: readonly string[],
): string[] {
  return [
    ...failures,
    'cd src',
    ...source.build.flatMap(buildLines),
    // A missing program is reported by mkbase, which knows the recipe.
    ...programs.flatMap(({ built }, index) => [
      `if test -f ${quoteWord(built)}; then`,
      `  ${commandLine(['cp', built, `../out/${index}`])}`,
      ...(source.strip ? toldCommand([...strip, `../out/${index}`]) : []),
      'fi',
    ]),
    'cd ..',
  ];
}

/**
 * Returns the lines that make `src/` ready in a folder holding the context, which has it with the recipe's own
 * files, or the archive of a folder or of an upstream's sources.
 */
function sourceLines({ sources }: StaticSource, archive: string | undefined): string[] {
  if (sources !== undefined) return ['mkdir obj'];
  if (archive === undefined) return unpackTree;
  if (isArchiveName(archive)) return unpackLines(archive);
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `The archive's name "${archive}" is not one that a build can use.`,
  });
}

/** The two halves of a build, each lines of shell that leave the working folder as it was. */
export interface BuildScript {
  /** Make the folder `src/` ready, and those that the commands write to. */
  readonly prepare: readonly string[];
  /**
   * Build the programs: leave `out/<number>` for each and, when mkbase links it, `out/link.map`. Each
   * command is told before its output.
   */
  readonly commands: readonly string[];
}

/** Returns the shell script that builds the programs of a recipe. */
export function buildScript(
  source: StaticSource,
  toolchain: ToolchainSettings,
  programs: readonly Program[],
  archive: string | undefined,
): BuildScript {
  return {
    prepare: ['mkdir out', ...sourceLines(source, archive)],
    commands:
      source.sources !== undefined
        ? compileLines(source, toolchain)
        : upstreamLines(source, programs, toolchain.strip),
  };
}

/** Writes lines as a script that ends with the first that fails. */
export const writeScript = (...lines: readonly string[]): string =>
  ['set -eu', ...lines, ''].join('\n');

/** Returns the variables from which `./configure`, make and CMake take the compiler and its flags. */
function compilerVariables(
  { flags, linkFlags }: StaticSource,
  toolchain: ToolchainSettings,
): Record<string, string> {
  const link = [...toolchain.linkFlags, ...linkFlags].join(' ');
  return {
    CC: toolchain.cc.join(' '),
    CXX: toolchain.cxx.join(' '),
    LDFLAGS: link,
    // A static library needs those that it was made with; autoconf, CMake and meson take words here.
    ...(/(?:^| )-static/.test(link) && { PKG_CONFIG: 'pkg-config --static' }),
    ...(flags.length > 0 && { CFLAGS: flags.join(' '), CXXFLAGS: flags.join(' ') }),
  };
}

/**
 * Returns the whole environment of a static build: nothing of the host, and the same number of cores
 * everywhere. The recipe's `env` wins over the toolchain's, and both over these.
 */
export function buildEnvironment(
  source: StaticSource,
  toolchain: ToolchainSettings,
  epoch: number,
  platform: Platform,
): Record<string, string> {
  const jobs = String(source.jobs);
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    // GCC looks for the linker here first (gcc(1)).
    COMPILER_PATH: `/build/${linkerFolder}`,
    HOME: '/build',
    TMPDIR: '/tmp',
    // Builders have no other locale: of one that is missing, bash, perl and libtool warn at each start.
    LC_ALL: 'C',
    TZ: 'UTC',
    SOURCE_DATE_EPOCH: String(epoch),
    // nproc (coreutils) and make take the number of cores from these.
    OMP_NUM_THREADS: jobs,
    MAKEFLAGS: `-j${jobs}`,
    ...(source.sources === undefined && {
      ...compilerVariables(source, toolchain),
      ...crossVariables({ toolchain, platform }),
    }),
    ...toolchain.env,
    ...source.env,
  };
}
