import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import type { Store } from '../../../store/store.ts';
import { readContent } from '../../../tar/content.ts';
import { refusedArchive } from '../../../tar/decompress.ts';
import type { Entry } from '../../../tar/entry.ts';
import { type Paragraph, parseParagraph } from '../index/paragraph.ts';
import { parseRelations, type Relation } from '../index/relations.ts';
import type { LockedPackage } from '../locked-debs.ts';
import { type DebMember, debMembers } from './deb.ts';
import { contentOf, debName, type MemberLimits, spoolMember, tellingDamage } from './deb-member.ts';

/** A file of a control archive. */
export type FileEntry = Extract<Entry, { type: 'file' }>;

/** The files in which a package describes itself. */
export interface ControlFiles {
  readonly fields: Paragraph;
  /** The `control` file's bytes. */
  readonly control: Buffer;
  /** The `md5sums` file's bytes, where the package has one. */
  readonly md5sums: Buffer | undefined;
  /** The script that configures it, which is never run; undefined where the package has none. */
  readonly postinst: Buffer | undefined;
  /** Every file of the control archive but `control`, its bytes in memory. */
  readonly members: readonly FileEntry[];
  /** Packages whose files it may overwrite (Debian Policy 7.6.1). */
  readonly replaces: readonly Relation[];
}

const controlLimits: MemberLimits = { maxBytes: 16 * 1024 ** 2, maxEntries: 1000 };

/** The store that has a package, and a folder to work in. */
export interface DebPlace {
  readonly store: Store;
  readonly workFolder: string;
}

/**
 * Reads the control archive, which must be that of the locked package. `file` is the beginning of a
 * name that may be used meanwhile. Throws SOURCE_CORRUPT for another package, ARCHIVE_REFUSED.
 */
export async function readControl(
  member: DebMember,
  file: string,
  locked: LockedPackage,
  io: Io,
): Promise<ControlFiles> {
  const spool = `${file}.control.tar`;
  const what = debName(locked);
  const entries = await spoolMember(member, spool, what, controlLimits, io);
  try {
    const control = await contentOf(entries, 'control');
    if (control === undefined) throw refusedArchive(what, 'has no control file');
    const fields = controlFields(control, what);
    checkIdentity(fields, locked, what);
    return {
      fields,
      control,
      md5sums: await contentOf(entries, 'md5sums'),
      postinst: await contentOf(entries, 'postinst'),
      members: await inMemory(entries.filter(({ path }) => path !== 'control')),
      replaces: parseRelations(fields.get('replaces'), locked.architecture).flat(),
    };
  } finally {
    await rm(spool, { force: true });
  }
}

/**
 * Reads how a package of the store describes itself, after all of it has been read and its hash has held.
 * Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED, NO_SPACE, IO.
 */
export async function packageControl(
  locked: LockedPackage,
  { store, workFolder }: DebPlace,
  io: Io,
): Promise<ControlFiles> {
  const file = join(workFolder, `${locked.name}_${locked.architecture}`);
  let found: ControlFiles | undefined;
  await tellingDamage(locked, store, io, async () => {
    for await (const member of debMembers(store.read(locked.sha256), debName(locked))) {
      if (member.name === 'control') found = await readControl(member, file, locked, io);
    }
  });
  return found!;
}

/** Returns the regular files among entries with their bytes, for the spool that holds them goes. */
function inMemory(entries: readonly Entry[]): Promise<FileEntry[]> {
  const files = entries.flatMap((entry) => (entry.type === 'file' ? [entry] : []));
  return Promise.all(
    files.map(async (file) => ({ ...file, content: { bytes: await readContent(file.content) } })),
  );
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
      hint: 'Pin anew with `mkbase update`, or use another mirror with --mirror.',
    });
  }
}
