import { open } from 'node:fs/promises';
import { toByteString } from '../../base/byte-string.ts';
import { MkbaseError } from '../../base/errors.ts';
import { type PlatformName, platforms } from '../../base/platform.ts';
import { type Elf, readElf, staticProblems } from '../../elf/elf.ts';
import type { ToolchainSettings } from '../../recipe/schema/schema.ts';
import type { Entry } from '../../tar/entry.ts';
import type { Program } from './schema.ts';

/** A regular file among entries. */
export type FileEntry = Extract<Entry, { type: 'file' }>;

/** Returns the regular file at a path, if there is one. */
export function fileAt(entries: readonly Entry[], path: string): FileEntry | undefined {
  return entries.find((entry): entry is FileEntry => entry.path === path && entry.type === 'file');
}

/** Reads `length` bytes at `offset` of a file's contents, fewer at its end. */
export async function readAt(
  { content, size }: FileEntry,
  offset: number,
  length: number,
): Promise<Buffer> {
  if ('bytes' in content) return Buffer.from(content.bytes).subarray(offset, offset + length);
  const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
  const handle = await open(content.file);
  try {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, content.offset + offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The platform and symbols that a program is checked for, besides being static. */
export interface Promised {
  readonly platform: PlatformName;
  readonly libc: ToolchainSettings['libc'];
  readonly stripped: boolean;
  /** True where libtool linked programs: it takes `-static` for its own libraries only. */
  readonly byLibtool?: boolean;
}

function locate(program: Program, index: number, built: readonly Entry[]): FileEntry {
  const entry = fileAt(built, String(index));
  if (entry) return entry;
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `The build ended well but left no file ${program.built}, which goes to ${program.path}.`,
    hint: 'Correct "programs" or the build commands in the recipe; paths start at the top of the unpacked archive.',
  });
}

function refuse(program: Program, problem: string, hint: string, cause?: unknown): never {
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `The build's ${program.built} (for ${program.path}) is not what the recipe promises: ${problem}`,
    hint,
    cause,
  });
}

async function elfOf(program: Program, entry: FileEntry): Promise<Elf> {
  return readElf((offset, length) => readAt(entry, offset, length)).catch((error: unknown) => {
    if (!(error instanceof MkbaseError)) throw error;
    return refuse(
      program,
      error.message,
      error.hint ?? 'Look at what the build commands left.',
      error,
    );
  });
}

const linkStatic =
  'Link it with -static, with the toolchain of the platform; some build systems need LDFLAGS repeated in "build".';
const linkAllStatic =
  'libtool drops -static when it links a program. Give its last link -all-static instead, for instance `[make, LDFLAGS=-all-static]`, or in the variable that its Makefile adds to links (SQLite: LTLINK_EXTRAS) where it has fixed LDFLAGS; not ./configure, whose compiler does not know that flag.';

function check(program: Program, elf: Elf, promised: Promised): void {
  const { platform, libc, stripped, byLibtool } = promised;
  const problems = staticProblems(elf, platforms[platform]);
  if (problems.length > 0) {
    refuse(program, `${problems.join('; ')}.`, byLibtool ? linkAllStatic : linkStatic);
  }
  // Without a C library, the program's own start may choose them.
  if (libc === 'musl' && elf.choosesFunctions) {
    refuse(
      program,
      'it has functions that are chosen when it starts (ifunc), which only glibc does in a static program: with musl it would crash.',
      'Turn ifunc off in the build (a switch such as --disable-ifunc, or no target_clones), or use gcc-glibc.',
    );
  }
  if (stripped && elf.symbols) {
    refuse(program, 'it still has a symbol table.', 'Set "strip: false" to keep the symbols.');
  }
}

/**
 * Returns the programs that a build left as `<number>`, as entries at their places in the image. Errors:
 * BUILD_OUTPUT when one is missing, no ELF file, dynamic, for another machine, not stripped, or wants more of
 * its C library than that does.
 */
export async function takePrograms(
  programs: readonly Program[],
  built: readonly Entry[],
  promised: Promised,
  epoch: number,
): Promise<Entry[]> {
  return Promise.all(
    programs.map(async (program, index) => {
      const entry = locate(program, index, built);
      check(program, await elfOf(program, entry), promised);
      return {
        ...entry,
        path: toByteString(program.path.slice(1)),
        mode: program.mode,
        uid: 0,
        gid: 0,
        mtime: epoch,
        xattrs: [],
      };
    }),
  );
}
