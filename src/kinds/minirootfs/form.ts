import type { Compression } from '../../tar/decompress.ts';

const forms: readonly (readonly [ending: string, compression: Compression])[] = [
  ['.tar', 'none'],
  ['.tar.gz', 'gz'],
  ['.tgz', 'gz'],
  ['.tar.xz', 'xz'],
  ['.tar.zst', 'zst'],
];

/** How a tar archive of this name is compressed; undefined when it is no tar archive. */
export const compressionOf = (name: string): Compression | undefined =>
  forms.find(([ending]) => name.endsWith(ending))?.[1];
