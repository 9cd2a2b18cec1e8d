import type { Io } from '../../../base/events.ts';
import type { Store } from '../../../store/store.ts';
import { type Compression, decompress } from '../../../tar/decompress.ts';
import { type ListedRpm, readPrimary } from '../repository/primary.ts';
import type { MetadataFile } from '../repository/repomd.ts';
import { badMetadata } from '../repository/xml.ts';

const endings: ReadonlyMap<string, Compression> = new Map([
  ['gz', 'gz'],
  ['xz', 'xz'],
  ['zst', 'zst'],
  ['xml', 'none'],
]);

/** Ten times what the primary metadata of Fedora unpack to. */
const maxUnpacked = 2 * 1024 ** 3;

/**
 * Reads which packages a repository lists, out of its primary metadata in the store. `onPackage` is called
 * for each. Throws SOURCE_CORRUPT, ARCHIVE_REFUSED.
 */
export async function readListed(
  { href, checksum, openSize }: MetadataFile,
  store: Store,
  onPackage: (listed: ListedRpm) => void,
  what: string,
  { signal }: Io,
): Promise<void> {
  const compression = endings.get(href.slice(href.lastIndexOf('.') + 1));
  if (compression === undefined) {
    throw badMetadata(what, `${href} is compressed in a way that is not read`);
  }
  const limits = { maxBytes: Math.min(openSize ?? maxUnpacked, maxUnpacked), what, signal };
  const unpacked = decompress(store.read(checksum.digest), compression, limits);
  await readPrimary(unpacked, onPackage, what);
}
