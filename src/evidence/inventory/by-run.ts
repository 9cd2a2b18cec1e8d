import type { ByteString } from '../../base/byte-string.ts';
import type { Io } from '../../base/events.ts';
import { rootfsView } from '../../rootfs/view.ts';
import type { Entry } from '../../tar/entry.ts';
import { type Digests, hashFiles } from './hash-files.ts';

const sameDevice = (a: Entry, b: Entry): boolean =>
  !('major' in a) || ('major' in b && a.major === b.major && a.minor === b.minor);

/**
 * Says what a recipe's commands made or changed: what is not as they found it. `before` is what they
 * found, which is hashed for it; undefined for a recipe without commands.
 */
export async function runFinder(
  before: readonly Entry[] | undefined,
  io: Io,
): Promise<(entry: Entry, digests: Digests | undefined) => boolean> {
  if (before === undefined) return () => false;
  const view = rootfsView(before);
  const hashes: ReadonlyMap<ByteString, Digests> = await hashFiles(before, new Set(), io);
  return (entry, digests) => {
    const found = view.at(entry.path);
    if (found?.type !== entry.type) return true;
    if (found.type === 'symlink' && entry.type === 'symlink') return found.target !== entry.target;
    if (found.type === 'file') return hashes.get(found.path)?.sha256 !== digests?.sha256;
    return !sameDevice(found, entry);
  };
}
