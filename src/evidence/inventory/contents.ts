import type { ByteString } from '../../base/byte-string.ts';
import { hashesOfStream } from '../../base/hash.ts';
import type { Range } from '../../oci/archive-files.ts';
import type { Entry } from '../../tar/entry.ts';
import type { ReadMember } from '../mtree/read-paths.ts';
import type { Digests } from './hash-files.ts';

/** A rootfs with its contents as ranges of a file, and the digests of its files by path. */
export interface Contents {
  readonly entries: readonly Entry[];
  readonly digests: ReadonlyMap<ByteString, Digests>;
}

/** Contents that are being read: `read` takes the members of the rootfs one after another. */
export interface ContentsReader {
  readonly contents: Contents;
  readonly read: ReadMember;
}

/** Makes a reader for a rootfs's tar at a place on disk; each byte is read once, for all digests. */
export function contentsReader({ file, offset }: Pick<Range, 'file' | 'offset'>): ContentsReader {
  const entries: Entry[] = [];
  const digests = new Map<ByteString, Digests>();
  const read: ReadMember = async ({ entry, contentOffset, content }) => {
    if (entry.type !== 'file') {
      entries.push(entry);
      return '';
    }
    const { path, size } = entry;
    const hashes = await hashesOfStream(['sha256', 'sha1', 'md5'], content, size);
    const [sha256 = '', sha1 = '', md5 = ''] = hashes;
    digests.set(path, { sha256, sha1, md5 });
    entries.push({ ...entry, content: { file, offset: offset + contentOffset, size } });
    return sha256;
  };
  return { contents: { entries, digests }, read };
}
