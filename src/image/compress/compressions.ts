import { compressionByName, tarEnding } from '../../tar/compression-names.ts';

/** The forms that a root filesystem's tar can be compressed in. */
export const compressions = ['none', 'gzip', 'zstd', 'xz'] as const;
export type Compression = (typeof compressions)[number];

/** The same forms, as tar/ names them. */
const forms = { none: 'none', gzip: 'gz', zstd: 'zst', xz: 'xz' } as const;

/** Returns the compression that a file's name states; undefined for a name that states none. */
export const compressionOf = (name: string): Compression | undefined =>
  compressions.find((each) => forms[each] === compressionByName(name));

/** Returns the ending of an archive's name. */
export const suffixOf = (compression: Compression): string => tarEnding(forms[compression]);
