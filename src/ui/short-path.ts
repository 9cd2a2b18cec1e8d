import { relative } from 'node:path';

/** A path as it is said from the working folder, when it lies below it. */
export function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}
