import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import type { Store } from '../../../store/store.ts';
import { readContent } from '../../../tar/content.ts';
import { decompress } from '../../../tar/decompress.ts';
import type { Entry } from '../../../tar/entry.ts';
import { spoolTar } from '../../../tar/read.ts';
import type { LockedPackage } from '../locked-debs.ts';
import type { DebMember } from './deb.ts';

/** The most that an archive inside a package may hold. */
export interface MemberLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** Returns a package's file name, for messages. */
export const debName = ({ filename }: LockedPackage): string =>
  filename.slice(filename.lastIndexOf('/') + 1);

/** Unpacks one of the two archives of a package into a file. Throws ARCHIVE_REFUSED, NO_SPACE, IO. */
export function spoolMember(
  member: DebMember,
  file: string,
  what: string,
  limits: MemberLimits,
  { signal }: Io,
): Promise<Entry[]> {
  const source = `${member.name}.tar of ${what}`;
  const { maxBytes } = limits;
  const stream = decompress(member.content, member.compression, { maxBytes, what: source, signal });
  return spoolTar(stream, file, { source, limits });
}

/** Reads a small file of an unpacked archive; undefined when it is not there. Throws IO. */
export async function contentOf(
  entries: readonly Entry[],
  path: string,
): Promise<Buffer | undefined> {
  const entry = entries.find((each) => each.type === 'file' && each.path === path);
  return entry?.type === 'file' ? readContent(entry.content) : undefined;
}

/** Runs a reader of a stored package; reports a refused archive as damage where its bytes changed on disk. */
export async function tellingDamage(
  locked: LockedPackage,
  store: Store,
  io: Io,
  read: () => Promise<void>,
): Promise<void> {
  try {
    await read();
  } catch (error) {
    const refused = error instanceof MkbaseError && error.code === 'ARCHIVE_REFUSED';
    if (!refused || (await store.verify(locked.sha256, io))) throw error;
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `The stored ${debName(locked)} was damaged, and has been removed from the store.`,
      hint: 'Run the same command again; it is fetched anew.',
      cause: error,
    });
  }
}
