import * as z from 'zod';
import type { TreeBeside } from '../../base/folder-tree.ts';
import { type PlatformName, platformNames } from '../../base/platform.ts';
import {
  argument,
  besideOtherMistakes,
  buildPath,
  environmentName,
  ignorePatterns,
  imagePath,
  mode,
  packageName,
  recipeFolder,
  recipeName,
  recipePath,
  sha256,
  signature,
  suiteName,
} from '../../recipe/schema/fields.ts';
import type { ArchiveForm } from '../../tar/compression-names.ts';
import { archivePath, archiveUrl } from '../archive.ts';

const macroName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a preprocessor macro');

/** Finds an option that makes code for the processor at hand, also inside a longer word. */
const nativeOption = /(?:^|[\s=,'"])-m(?:arch|tune|cpu)=native(?![\w.-])/;

/** A word for the compiler. Code for the machine's own processor would differ from machine to machine. */
const compilerWord = argument.refine(
  (word) => !nativeOption.test(word),
  'expected a processor by its name, for instance -march=x86-64-v2: "native" is another one on each machine',
);

/** Options of a command in one word: a compiler would read all of them as one, or leave them out silently. */
const severalOptions = /^-[^\s"'=]*\s+--?[A-Za-z]/;
/** The same among flags, where no option has a value with an option of others in it. */
const severalFlags =
  /^-[^\s"']*\s+--?[A-Za-z]|^-(?:[ILDUlxTzueB]|include|isystem|idirafter|iquote|Xlinker|param)\s/;

const eachItsOwn =
  'expected each flag as a word of its own: [-O2, -Wall] and not ["-O2 -Wall"]; a shell would split that, and there is none';

const compilerFlags = z.array(compilerWord.refine((word) => !severalFlags.test(word), eachItsOwn));
const commandWords = z.array(compilerWord.refine((word) => !severalOptions.test(word), eachItsOwn));

/** The forms of archives of sources: mkbase or a builder's tar unpacks them. */
const sourceForms: readonly ArchiveForm[] = ['none', 'gz', 'xz', 'zst', 'bz2', 'zip'];

const urlArchive = z.strictObject({
  url: archiveUrl(sourceForms),
  sha256: sha256.describe('What its bytes must hash to.'),
  signature: signature.optional(),
});

const fileArchive = z.strictObject({
  file: archivePath(sourceForms),
  sha256: sha256.optional().describe('What its bytes must hash to, if that is to be held.'),
});

const debianArchive = z.strictObject({
  debian: packageName.describe('A Debian source package; its upstream archive is what is built.'),
  suite: suiteName.default('trixie').describe('Debian suite whose signed index names the archive.'),
});

const programOutput = z.strictObject({
  path: imagePath.describe('Where the program goes in the image.'),
  mode: mode.default('0755').describe('Mode of the program.'),
});

const moreTools = z.strictObject({
  extends: recipeName.describe('Name of the toolchain that the packages are added to.'),
  packages: z
    .array(packageName)
    .min(1)
    .describe(
      'Debian packages that the build needs: perl, cmake, zlib1g-dev; dependencies come along.',
    ),
});

/** The ways of saying what is built. */
const ways = ['sources', 'folder', 'archive'] as const;

/** `from: { static: … }`: a C or C++ program, linked statically in a builder without network. */
export const staticProgram = z
  .strictObject({
    toolchain: z
      .union([recipeName, moreTools])
      .describe(
        'Toolchain that compiles: gcc-glibc, gcc-musl or gcc-nolibc, or one of them with more packages.',
      ),
    sources: z
      .array(recipePath)
      .min(1)
      .optional()
      .describe('C (.c), C++ (.cc .cpp .cxx) and assembler (.s .S) files beside the recipe.'),
    folder: recipeFolder
      .optional()
      .describe('A folder beside the recipe that brings its own build; "." is the recipe\'s own.'),
    ignore: ignorePatterns,
    include: z
      .array(recipePath)
      .default([])
      .describe(
        'Headers and folders beside the recipe that the sources need; folders go on the include path.',
      ),
    archive: z
      .union([urlArchive, fileArchive, debianArchive])
      .optional()
      .describe(
        'An upstream source archive: by URL and sha256, as a file beside the recipe, or by Debian source package.',
      ),
    flags: compilerFlags.default([]).describe('Compiler flags.'),
    platformFlags: z
      .partialRecord(z.enum(platformNames), compilerFlags)
      .optional()
      .describe('Compiler flags for one platform alone, after "flags": platform to flags.'),
    cross: z
      .literal(false)
      .optional()
      .describe(
        'false for a build that runs what it compiles: for another platform its builder is one of that platform, under emulation.',
      ),
    defines: z
      .record(macroName, z.union([argument, z.int(), z.literal(true)]))
      .default({})
      .describe('Preprocessor macros; true defines one without a value.'),
    libs: z
      .array(
        z
          .string()
          .regex(/^[A-Za-z0-9_][A-Za-z0-9_+.-]*$/, 'expected a library name, for instance m'),
      )
      .default([])
      .describe('Libraries to link, without lib and .a.'),
    linkFlags: compilerFlags.default([]).describe('Flags for the link only.'),
    env: z
      .record(environmentName, compilerWord)
      .default({})
      .describe('Environment of the build commands.'),
    build: z
      .array(commandWords.min(1))
      .default([])
      .describe(
        'Commands run in the folder or the unpacked archive, each an argv; no shell is involved.',
      ),
    programs: z
      .record(buildPath, z.union([imagePath, programOutput]))
      .optional()
      .describe('Built file to path in the image. With sources: one entry, the name is free.'),
    strip: z.boolean().default(true).describe('Strip symbols from the programs.'),
    jobs: z.int().min(1).max(64).default(2).describe('What $(nproc) answers in the build.'),
  })
  // Run beside other mistakes, when a field may still hold anything.
  .superRefine((value, context) => {
    const fail = (message: string, path: string[] = []) =>
      context.addIssue({ code: 'custom', message, path });
    const given = ways.filter((way) => value[way] !== undefined);
    if (given.length !== 1) fail('expected one of "sources", "folder" and "archive"');
    if (value.sources === undefined && given.length === 1 && value.programs === undefined) {
      fail('expected "programs", which names the built files to take into the image');
    }
    if (value.sources !== undefined && value.build?.length > 0) {
      fail(
        'expected no "build" commands with "sources"; use "folder" or "archive" for a program that brings its own build',
        ['build'],
      );
    }
    if (value.folder !== undefined && value.build?.length === 0) {
      fail('expected "build", the commands that build what is in the folder');
    }
    if (value.folder === undefined && value.ignore?.length > 0) {
      fail('expected "ignore" only beside "folder"', ['ignore']);
    }
    for (const field of ['include', 'libs', 'defines'] as const) {
      if (value.folder === undefined || Object.keys(value[field] ?? {}).length === 0) continue;
      fail(`expected no "${field}" with "folder": its own build says that, or its "env"`, [field]);
    }
    if (value.sources !== undefined && Object.keys(value.programs ?? {}).length > 1) {
      fail('expected at most one program with "sources"', ['programs']);
    }
  }, besideOtherMistakes)
  .meta({ oneOf: ways.map((way) => ({ required: [way] })) })
  .describe('A C or C++ program, linked statically.');

export type StaticSource = z.output<typeof staticProgram>;

/** Returns the compiler flags of a recipe for a platform. */
export const flagsFor = (
  { flags, platformFlags = {} }: Pick<StaticSource, 'flags' | 'platformFlags'>,
  platform: PlatformName,
): string[] => [...flags, ...(platformFlags[platform] ?? [])];

/** A program that the build must leave at `out/<number>`, and where it goes in the image. */
export interface Program {
  readonly built: string;
  /** Absolute path in the image. */
  readonly path: string;
  readonly mode: number;
}

/**
 * Returns the programs that a recipe takes into its image; a recipe of sources names its one after
 * itself.
 */
export function programsOf(name: string, source: StaticSource): Program[] {
  return Object.entries(source.programs ?? { [name]: `/${name}` }).map(([built, target]) => {
    const { path, mode } = typeof target === 'string' ? { path: target, mode: '0755' } : target;
    return { built, path, mode: Number.parseInt(mode, 8) };
  });
}

/** Returns the archive that a recipe has fetched; undefined for one that stands beside it. */
export const fetchedArchive = ({ archive }: StaticSource) =>
  archive === undefined || 'file' in archive ? undefined : archive;

/** Returns the archive that stands beside a recipe, if it names one. */
export const archiveBeside = ({ archive }: StaticSource) =>
  archive !== undefined && 'file' in archive ? archive : undefined;

/** Returns the folder of sources that brings its own build, if the recipe names one. */
export const treesOf = ({ folder, ignore }: StaticSource): readonly TreeBeside[] =>
  folder === undefined ? [] : [{ path: folder, ignore }];
