import type { ByteString } from '../base/byte-string.ts';
import { fields } from './layout.ts';

/** The two name fields of a ustar header. */
export interface SplitName {
  readonly prefix: ByteString;
  readonly name: ByteString;
}

/** ustar knows no other characters (pax(1)). */
export const isAscii = (bytes: ByteString): boolean => !/[\x80-\xff]/.test(bytes);

/**
 * A name over the two fields of a ustar header, divided at the last slash that leaves the prefix room,
 * as Go's archive/tar does; undefined when it does not fit.
 */
export function splitName(path: ByteString): SplitName | undefined {
  const nameLimit = fields.name[1];
  const prefixLimit = fields.prefix[1];
  if (!isAscii(path)) return undefined;
  if (path.length <= nameLimit) return { prefix: '', name: path };
  const slash = path.lastIndexOf('/', Math.min(prefixLimit, path.length - 2));
  const name = path.slice(slash + 1);
  return slash <= 0 || name.length > nameLimit ? undefined : { prefix: path.slice(0, slash), name };
}
