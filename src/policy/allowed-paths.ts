import { type ByteString, fromLosslessText, toLosslessText } from '../base/byte-string.ts';
import { glob } from '../rootfs/glob.ts';

/** Returns a test of whether a rule allows a path (without leading slash). */
export function allowedPaths(
  allow: Readonly<Record<string, string>> | undefined,
): (path: ByteString) => boolean {
  const patterns = Object.keys(allow ?? {}).map((path) => glob(fromLosslessText(path.slice(1))));
  return (path) => patterns.some((matches) => matches(path));
}

/** Returns a path of the rootfs with its leading slash. */
export const absolute = (path: ByteString): string => `/${toLosslessText(path)}`;
