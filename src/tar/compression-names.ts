import type { Compression } from './decompress.ts';

/** Endings of a tar archive's name; of each, the first is the one that mkbase gives its own files. */
const endings: Readonly<Record<Compression, readonly [string, ...string[]]>> = {
  none: ['.tar'],
  gz: ['.tar.gz', '.tgz'],
  xz: ['.tar.xz', '.txz'],
  zst: ['.tar.zst', '.tzst'],
};

/** Endings of archives of sources that mkbase does not read itself. */
const unreadEndings = ['.tar.bz2', '.tbz2', '.tar.lz', '.tar.lzma'];

const forms = Object.keys(endings) as Compression[];

/** Returns the compression that a name states; undefined for one of no tar archive that mkbase reads. */
export const compressionByName = (name: string): Compression | undefined =>
  forms.find((form) => endings[form].some((ending) => name.endsWith(ending)));

/** Returns the ending that mkbase gives the name of a tar archive of its own. */
export const tarEnding = (compression: Compression): string => endings[compression][0];

/** Removes the ending of a tar archive's name; undefined for a name of no tar archive. */
export function tarStem(name: string): string | undefined {
  const all = [...Object.values(endings).flat(), ...unreadEndings];
  const ending = all.find((each) => name.endsWith(each));
  return ending === undefined ? undefined : name.slice(0, -ending.length);
}
