import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError, MkbaseError } from '../../errors.ts';
import type { Io } from '../../events.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';
import { spoolTar } from '../../tar/read.ts';
import { decompress, refusedArchive } from '../decompress.ts';
import { type DebMember, debMembers } from './deb.ts';
import type { LockedPackage } from './locked.ts';
import { type Paragraph, parseParagraph } from './paragraph.ts';
import { parseRelations, type Relation } from './relations.ts';

/** A package as it lies in its .deb. */
export interface UnpackedDeb {
  readonly locked: LockedPackage;
  /** The `control` file's bytes. */
  readonly control: Buffer;
  /** The `md5sums` file's bytes, where the package has one. */
  readonly md5sums: Buffer | undefined;
  /** Packages whose files it may overwrite (Debian Policy 7.6.1). */
  readonly replaces: readonly Relation[];
  /** The files; their contents are ranges of a file in the work folder. */
  readonly entries: readonly Entry[];
}

const mebibyte = 1024 * 1024;
const controlLimits = { maxBytes: 16 * mebibyte, maxEntries: 1000 };
const maxDataEntries = 500_000;

/** Most bytes that the data archive may unpack to: what the package says it installs, four times. */
function dataLimit(control: Paragraph): number {
  const kibibytes = Number(control.get('installed-size') ?? 0);
  return Math.max(64 * mebibyte, 4 * 1024 * (Number.isFinite(kibibytes) ? kibibytes : 0));
}

/**
 * Unpacks one .deb of the store into a file of `workFolder`, in flat memory. Nothing of it is
 * returned before the whole .deb has been read and its hash has held. Errors: SOURCE_CORRUPT for
 * damaged bytes and for a package other than the locked one, ARCHIVE_REFUSED for a hostile archive,
 * NO_SPACE, IO.
 */
export async function unpackDeb(
  locked: LockedPackage,
  from: { readonly store: Store; readonly workFolder: string },
  io: Io,
): Promise<UnpackedDeb> {
  const what = locked.filename.slice(locked.filename.lastIndexOf('/') + 1);
  const file = join(from.workFolder, `${locked.name}_${locked.architecture}`);
  let control: ControlFiles | undefined;
  let entries: Entry[] = [];
  try {
    for await (const member of debMembers(from.store.read(locked.sha256), what)) {
      if (member.name === 'control') control = await readControl(member, file, locked, what, io);
      else entries = await spoolMember(member, `${file}.tar`, what, dataLimit(control!.fields), io);
    }
  } catch (error) {
    // Damage on disk shows as whatever the reader stumbles over first.
    if (error instanceof MkbaseError && error.code === 'ARCHIVE_REFUSED') {
      if (!(await from.store.verify(locked.sha256, io))) throw damaged(what, error);
    }
    throw error;
  }
  return { locked, ...control!, entries };
}

function damaged(what: string, cause: unknown): MkbaseError {
  return new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `The stored ${what} was damaged, and has been removed from the store.`,
    hint: 'Run the same command again; it is fetched anew.',
    cause,
  });
}

function spoolMember(
  member: DebMember,
  file: string,
  what: string,
  maxBytes: number,
  { signal }: Io,
  maxEntries = maxDataEntries,
): Promise<Entry[]> {
  const source = `${member.name}.tar of ${what}`;
  const stream = decompress(member.content, member.compression, { maxBytes, what: source, signal });
  return spoolTar(stream, file, { source, limits: { maxBytes, maxEntries } });
}

type ControlFiles = Pick<UnpackedDeb, 'control' | 'md5sums' | 'replaces'> & {
  readonly fields: Paragraph;
};

async function readControl(
  member: DebMember,
  file: string,
  locked: LockedPackage,
  what: string,
  io: Io,
): Promise<ControlFiles> {
  const spool = `${file}.control.tar`;
  const { maxBytes, maxEntries } = controlLimits;
  const entries = await spoolMember(member, spool, what, maxBytes, io, maxEntries);
  try {
    const control = await contentOf(entries, 'control');
    if (control === undefined) throw refusedArchive(what, 'has no control file');
    const fields = controlFields(control, what);
    checkIdentity(fields, locked, what);
    return {
      fields,
      control,
      md5sums: await contentOf(entries, 'md5sums'),
      replaces: parseRelations(fields.get('replaces'), locked.architecture).flat(),
    };
  } finally {
    await rm(spool, { force: true });
  }
}

function controlFields(control: Buffer, what: string): Paragraph {
  try {
    return parseParagraph(control.toString('utf8'));
  } catch (error) {
    throw refusedArchive(
      what,
      `has a control file that cannot be read: ${(error as Error).message}`,
    );
  }
}

/** The .deb must be what the index said it is; its hash alone cannot tell a mixed-up index. */
function checkIdentity(fields: Paragraph, locked: LockedPackage, what: string): void {
  const expected = {
    package: locked.name,
    version: locked.version,
    architecture: locked.architecture,
  };
  for (const [name, value] of Object.entries(expected)) {
    const found = fields.get(name);
    if (found === value) continue;
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `${what} says ${name} ${found ?? '(none)'}, where the index and the lock say ${value}.`,
      hint: 'Resolve anew with --no-cache, or use another mirror with --mirror.',
    });
  }
}

async function contentOf(entries: readonly Entry[], path: string): Promise<Buffer | undefined> {
  const entry = entries.find((each) => each.type === 'file' && each.path === path);
  if (entry?.type !== 'file' || !('file' in entry.content)) return undefined;
  const { file, offset, size } = entry.content;
  try {
    const handle = await open(file, 'r');
    try {
      const buffer = Buffer.alloc(size);
      await handle.read(buffer, 0, size, offset);
      return buffer;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw ioError(error, 'reading', file);
  }
}
