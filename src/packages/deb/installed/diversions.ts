import type { ByteString } from '../../../base/byte-string.ts';

/** Returns the path at which a package's file really is. */
export type Divert = (path: ByteString, owner: string) => ByteString;

/**
 * Reads dpkg's `diversions` (dpkg-divert(1)): three lines each, the contested path, where it was moved
 * to, and the package that keeps it (`:` for none).
 */
export function readDiversions(text: ByteString): Divert {
  const lines = text.split('\n');
  const moved = new Map<ByteString, { readonly to: ByteString; readonly by: string }>();
  for (let at = 0; at + 2 < lines.length; at += 3) {
    const [path = '', to = '', by = ''] = lines.slice(at, at + 3);
    moved.set(path.slice(1), { to: to.slice(1), by });
  }
  return (path, owner) => {
    const diversion = moved.get(path);
    return diversion === undefined || diversion.by === owner ? path : diversion.to;
  };
}
