import { join } from 'node:path';
import type { Io } from '../../../base/events.ts';
import type { Entry } from '../../../tar/entry.ts';
import type { Paragraph } from '../index/paragraph.ts';
import type { LockedPackage } from '../locked-debs.ts';
import { debMembers } from './deb.ts';
import { type ControlFiles, type DebPlace, readControl } from './deb-control.ts';
import { debName, spoolMember, tellingDamage } from './deb-member.ts';

/** A package as it lies in its .deb. */
export interface UnpackedDeb extends ControlFiles {
  readonly locked: LockedPackage;
  /** The files; their contents are ranges of a file in the work folder. */
  readonly entries: readonly Entry[];
}

const mebibyte = 1024 * 1024;
const maxEntries = 500_000;

/** Returns the most bytes that the data archive may unpack to: four times the package's Installed-Size. */
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
  { store, workFolder }: DebPlace,
  io: Io,
): Promise<UnpackedDeb> {
  const what = debName(locked);
  const file = join(workFolder, `${locked.name}_${locked.architecture}`);
  let control: ControlFiles | undefined;
  let entries: Entry[] = [];
  await tellingDamage(locked, store, io, async () => {
    for await (const member of debMembers(store.read(locked.sha256), what)) {
      if (member.name === 'control') control = await readControl(member, file, locked, io);
      else {
        const limits = { maxBytes: dataLimit(control!.fields), maxEntries };
        entries = await spoolMember(member, `${file}.tar`, what, limits, io);
      }
    }
  });
  return { locked, ...control!, entries };
}
