/** How a root filesystem's tar can be compressed. */
export const compressions = ['none', 'gzip', 'zstd', 'xz'] as const;
export type Compression = (typeof compressions)[number];

/** What a file's name ends in; of each, the first is what mkbase names its own files. */
const suffixes: Readonly<Record<Compression, readonly [string, ...string[]]>> = {
  none: ['.tar'],
  gzip: ['.tar.gz', '.tgz'],
  zstd: ['.tar.zst', '.tzst'],
  xz: ['.tar.xz', '.txz'],
};

/** The compression that a file's name speaks of; undefined when it speaks of none. */
export const compressionOf = (name: string): Compression | undefined =>
  compressions.find((each) => suffixes[each].some((suffix) => name.endsWith(suffix)));

export const suffixOf = (compression: Compression): string => suffixes[compression][0];
