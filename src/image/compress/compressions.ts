/** The ways in which a root filesystem's tar can be compressed. */
export const compressions = ['none', 'gzip', 'zstd', 'xz'] as const;
export type Compression = (typeof compressions)[number];

/** Endings of file names; mkbase gives its own files the first of each. */
const suffixes: Readonly<Record<Compression, readonly [string, ...string[]]>> = {
  none: ['.tar'],
  gzip: ['.tar.gz', '.tgz'],
  zstd: ['.tar.zst', '.tzst'],
  xz: ['.tar.xz', '.txz'],
};

/** Returns the compression that a file's name stands for; undefined when it stands for none. */
export const compressionOf = (name: string): Compression | undefined =>
  compressions.find((each) => suffixes[each].some((suffix) => name.endsWith(suffix)));

/** Returns the ending of the files that mkbase writes with a compression. */
export const suffixOf = (compression: Compression): string => suffixes[compression][0];
