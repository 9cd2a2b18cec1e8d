import { posix } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { ToolchainSettings } from '../../recipe/schema/schema.ts';
import { commandLine, quoteWord, toldCommand } from '../../steps/shell-script.ts';
import { isArchiveName } from '../archive.ts';
import { linkerFolder } from './link/link-record.ts';
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
  return ['mkdir obj', 'cd src', ...compile, ...link, 'cd ..'];
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
  archive: string | undefined,
  programs: readonly Program[],
  strip: readonly string[],
): string[] {
  return [
    ...(archive === undefined ? unpackTree : unpackLines(archive)),
    'cd src',
    ...source.build.flatMap(toldCommand),
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
 * Returns the shell script that builds the programs in a folder holding the context: `src/` with the recipe's
 * own files, or the archive of a folder or of an upstream's sources. Leaves `out/<number>` for each program
 * and, when mkbase links it, `out/link.map`. Each command is told before its output.
 */
export function buildScript(
  source: StaticSource,
  toolchain: ToolchainSettings,
  programs: readonly Program[],
  archive: string | undefined,
): string {
  if (archive !== undefined && !isArchiveName(archive)) {
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `The archive's name "${archive}" is not one that a build can use.`,
    });
  }
  return [
    'set -eu',
    'mkdir out',
    ...(source.sources !== undefined
      ? compileLines(source, toolchain)
      : upstreamLines(source, archive, programs, toolchain.strip)),
    '',
  ].join('\n');
}

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
): Record<string, string> {
  const jobs = String(source.jobs);
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    // GCC looks for the linker here first (gcc(1)).
    COMPILER_PATH: `/build/${linkerFolder}`,
    HOME: '/build',
    TMPDIR: '/tmp',
    LC_ALL: 'C.UTF-8',
    // A builder has no file of that locale; Perl takes C then, and is not to warn of it (perllocale(1)).
    PERL_BADLANG: '0',
    TZ: 'UTC',
    SOURCE_DATE_EPOCH: String(epoch),
    // nproc (coreutils) and make take the number of cores from these.
    OMP_NUM_THREADS: jobs,
    MAKEFLAGS: `-j${jobs}`,
    ...(source.sources === undefined && compilerVariables(source, toolchain)),
    ...toolchain.env,
    ...source.env,
  };
}
