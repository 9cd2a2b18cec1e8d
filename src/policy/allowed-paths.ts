import { type ByteString, fromByteString, toByteString } from '../base/byte-string.ts';
import { glob } from '../rootfs/glob.ts';

/** Whether a path (without leading slash) is among those that a rule lets pass. */
export function allowedPaths(
  allow: Readonly<Record<string, string>> | undefined,
): (path: ByteString) => boolean {
  const patterns = Object.keys(allow ?? {}).map((path) => glob(toByteString(path.slice(1))));
  return (path) => patterns.some((matches) => matches(path));
}

/** A path of the rootfs as people write it. */
export const absolute = (path: ByteString): string => `/${fromByteString(path)}`;
