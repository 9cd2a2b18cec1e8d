import { posix } from 'node:path';
import { toByteString } from '../../../base/byte-string.ts';
import type { Entry } from '../../../tar/entry.ts';
import type { LinkedPart, Unattributed } from '../../component.ts';
import { type FileEntry, readAt } from '../output.ts';
import { type LinkRecord, linkRecords, parseRecord } from './link-record.ts';
import { type ToolchainPackage, toolchainFiles } from './toolchain-files.ts';

/** Something of the toolchain that a linker put into a program: an object file, or members of an archive. */
export interface LinkedInput {
  /** Absolute path in the builder, without `..`. */
  readonly file: string;
  /** Members that were taken from an archive, sorted; left out for an object file. */
  readonly members?: readonly string[];
  /** The package of the toolchain that ships the file; undefined when none does. */
  readonly package: string | undefined;
}

/** A program of a static build, and the inputs that its linker read. */
export interface LinkedProgram {
  /** Absolute path in the image. */
  readonly path: string;
  /**
   * Parts of the toolchain in it, sorted by file; all else is of its own sources. Undefined when no
   * record of its link was found.
   */
  readonly inputs: readonly LinkedInput[] | undefined;
}

/** The programs of a build with what was linked into them, and the packages that parts were taken from. */
export interface Linked {
  readonly programs: readonly LinkedProgram[];
  /** Sorted by name. */
  readonly packages: readonly ToolchainPackage[];
}

/** A program, and the absolute path in the builder at which the build left it. */
export interface PlacedProgram {
  readonly path: string;
  readonly place: string;
}

/** Far more than what a large C++ program takes; held in memory, and the build may be hostile. */
const largestRecord = 4 * 1024 ** 2;
/** Folders of the build's own, which no toolchain ships. */
const own = /^\/(?:build|tmp|var\/tmp|run)\//;

/**
 * Tells if a linked file may be a program's: builds link some files under another name, and then strip
 * or copy them: busybox_unstripped, ffmpeg_g, libtool's .libs/lt-name.
 */
const isNamedAlike = (name: string, built: string): boolean =>
  [built, `${built}_unstripped`, `${built}.unstripped`, `${built}_g`, `lt-${built}`].includes(name);

type Records = ReadonlyMap<string, FileEntry>;
/** Members by the archive, and undefined for an object file. */
type Found = Map<string, Set<string> | undefined>;

/** Finds the record of the link that made a program: by its place, else by its name where that is unique. */
function recordOf(place: string, records: Records): FileEntry | undefined {
  const exact = records.get(place);
  if (exact !== undefined) return exact;
  const alike = [...records].filter(([path]) =>
    isNamedAlike(posix.basename(path), posix.basename(place)),
  );
  return alike.length === 1 ? alike[0]?.[1] : undefined;
}

async function readRecord(record: FileEntry): Promise<LinkRecord | undefined> {
  if (record.size > largestRecord) return undefined;
  return parseRecord((await readAt(record, 0, record.size)).toString('utf8'));
}

/** Adds what a link took, itself or in objects that were linked before (`ld -r`); false when unknown. */
async function collect(
  record: FileEntry,
  records: Records,
  found: Found,
  seen: Set<FileEntry>,
): Promise<boolean> {
  if (seen.has(record)) return true;
  seen.add(record);
  const link = await readRecord(record);
  if (link === undefined) return false;
  for (const { archive, member } of link.members) {
    if (!own.test(archive)) found.set(archive, (found.get(archive) ?? new Set()).add(member));
  }
  for (const object of link.objects) {
    const earlier = records.get(object);
    if (!own.test(object)) found.set(object, undefined);
    else if (earlier && !(await collect(earlier, records, found, seen))) return false;
  }
  return true;
}

async function foundIn(place: string, records: Records): Promise<Found | undefined> {
  const record = recordOf(place, records);
  const found: Found = new Map();
  const whole = record !== undefined && (await collect(record, records, found, new Set()));
  return whole ? found : undefined;
}

/**
 * Finds the inputs of each program in the records that the linker left among what was `built`, and whose
 * they are in the package records of the `builder`. Errors: IO.
 */
export async function linkedPrograms(
  programs: readonly PlacedProgram[],
  built: readonly Entry[],
  builder: readonly Entry[],
): Promise<Linked> {
  const records = linkRecords(built);
  const toolchain = await toolchainFiles(builder);
  const linked: LinkedProgram[] = [];
  for (const { path, place } of programs) {
    const found = await foundIn(place, records);
    const inputs = found && [...found].sort(([a], [b]) => (a < b ? -1 : 1));
    linked.push({
      path,
      inputs: inputs?.map(([file, members]) => ({
        file,
        ...(members && { members: [...members].sort() }),
        package: toolchain.owner(file),
      })),
    });
  }
  const names = new Set(linked.flatMap(({ inputs = [] }) => inputs.map((each) => each.package)));
  const packages: ToolchainPackage[] = [];
  for (const name of [...names].sort()) {
    const each = name === undefined ? undefined : await toolchain.package(name);
    if (each !== undefined) packages.push(each);
  }
  return { programs: linked, packages };
}

/** Returns names like `usr/lib/x/libc.a(printf.o)`, or the path alone of an object file. */
const objectsOf = ({ file, members }: LinkedInput): string[] =>
  members === undefined ? [file.slice(1)] : members.map((name) => `${file.slice(1)}(${name})`);

const pathOf = ({ path }: LinkedProgram) => toByteString(path.slice(1));

/** Returns the objects of each package of the toolchain that went into programs, by the package's name. */
export function linkedParts({ programs }: Linked): Map<string, LinkedPart[]> {
  const parts = new Map<string, LinkedPart[]>();
  for (const program of programs) {
    const { inputs = [] } = program;
    for (const name of new Set(inputs.map((input) => input.package))) {
      if (name === undefined) continue;
      const objects = inputs.filter((input) => input.package === name).flatMap(objectsOf);
      const part = { program: pathOf(program), objects: objects.sort() };
      parts.set(name, [...(parts.get(name) ?? []), part]);
    }
  }
  return parts;
}

/** Returns links without a record, and linked files that no package ships. */
export function unknownParts({ programs }: Linked): Unattributed[] {
  return programs.flatMap((program) => {
    const path = pathOf(program);
    const { inputs } = program;
    if (inputs === undefined) {
      return [{ path, reason: 'no record of its link says what went into it' }];
    }
    return inputs
      .filter((input) => input.package === undefined)
      .map(({ file }) => ({
        path,
        reason: `${file} was linked into it, which no package of the toolchain ships`,
      }));
  });
}
