import type { Compression } from './decompress.ts';

/** Forms of archives: tar archives that mkbase unpacks, those that only a builder's tar does, and zip archives. */
export type ArchiveForm = Compression | 'bz2' | 'zip';

/** Endings of an archive's name; of each form, the first is the one that mkbase gives its own files. */
const endings: Readonly<Record<ArchiveForm, readonly [string, ...string[]]>> = {
  none: ['.tar'],
  gz: ['.tar.gz', '.tgz'],
  xz: ['.tar.xz', '.txz'],
  zst: ['.tar.zst', '.tzst'],
  bz2: ['.tar.bz2', '.tbz2', '.tbz'],
  zip: ['.zip'],
};

/** Endings of archives that neither mkbase nor a builder's tar unpacks. */
const unread =
  /\.(?:7z|rar|jar|cpio|iso|tar\.(?:lz|lzma|lz4|lzo|Z|br)|tlz|taz|lz|lzh|cab|ar|deb|rpm)$/i;

/** Endings of tar archives that Debian names and mkbase does not read itself. */
const unreadTars = ['.tar.lz', '.tar.lzma'];

const forms = Object.keys(endings) as ArchiveForm[];
const compressions: readonly string[] = ['none', 'gz', 'xz', 'zst'] satisfies Compression[];

/** Returns the form of archive that a name states; undefined for a name of none that is read. */
export const archiveForm = (name: string): ArchiveForm | undefined =>
  forms.find((form) => endings[form].some((ending) => name.endsWith(ending)));

/** Tells whether a name states a form of archive that nothing here reads. */
export const isUnreadArchive = (name: string): boolean => unread.test(name);

/** Returns the compression that a name states; undefined for one of no tar archive that mkbase reads. */
export function compressionByName(name: string): Compression | undefined {
  const form = archiveForm(name) ?? '';
  return compressions.includes(form) ? (form as Compression) : undefined;
}

/** Returns the ending that mkbase gives the name of a tar archive of its own. */
export const tarEnding = (compression: Compression): string => endings[compression][0];

/** Returns the endings of archives of some forms, for people: `.tar, .tar.gz or .zip`. */
export function endingsOf(accepted: readonly ArchiveForm[]): string {
  const all = accepted.flatMap((form) => endings[form]);
  return `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

/** Returns the source of a regular expression for the endings of archives of some forms. */
export const endingPattern = (accepted: readonly ArchiveForm[]): string =>
  accepted.flatMap((form) => endings[form].map((each) => each.replaceAll('.', '\\.'))).join('|');

/** Removes the ending of an archive's name; undefined for a name of no archive. */
export function archiveStem(name: string): string | undefined {
  const all = [...Object.values(endings).flat(), ...unreadTars];
  const ending = all.find((each) => name.endsWith(each));
  return ending === undefined ? undefined : name.slice(0, -ending.length);
}

/** Removes the ending of a tar archive's name; undefined for a name of no tar archive. */
export const tarStem = (name: string): string | undefined =>
  archiveForm(name) === 'zip' ? undefined : archiveStem(name);
