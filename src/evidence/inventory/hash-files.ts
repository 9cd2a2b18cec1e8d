import { createHash } from 'node:crypto';
import type { ByteString } from '../../base/byte-string.ts';
import { interrupted } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { FileDigests } from '../../kinds/component.ts';
import { contentReader, contentSize } from '../../tar/content.ts';
import type { Content, Entry } from '../../tar/entry.ts';

/** Digests of a file; the md5 is there if dpkg's database states one. */
export interface Digests extends FileDigests {
  readonly md5?: string;
}

const pieceSize = 256 * 1024;

/** Hashes every regular file among the entries, by path, in flat memory. Errors: IO, INTERRUPTED. */
export async function hashFiles(
  entries: readonly Entry[],
  withMd5: ReadonlySet<ByteString>,
  { signal }: Io,
): Promise<Map<ByteString, Digests>> {
  const digests = new Map<ByteString, Digests>();
  const reader = contentReader();
  const piece = Buffer.allocUnsafe(pieceSize);

  async function hash(content: Content, md5: boolean): Promise<Digests> {
    const names = md5 ? (['sha1', 'sha256', 'md5'] as const) : (['sha1', 'sha256'] as const);
    const hashes = names.map((name) => createHash(name));
    const size = contentSize(content);
    for (let at = 0; at < size; at += pieceSize) {
      const bytes = piece.subarray(0, Math.min(pieceSize, size - at));
      const filling = reader.fill(content, at, bytes);
      if (filling !== undefined) await filling;
      for (const each of hashes) each.update(bytes);
      if (signal.aborted) throw interrupted(signal);
    }
    const [sha1 = '', sha256 = '', third] = hashes.map((each) => each.digest('hex'));
    return { sha1, sha256, ...(third !== undefined && { md5: third }) };
  }

  try {
    for (const entry of entries) {
      if (entry.type !== 'file') continue;
      digests.set(entry.path, await hash(entry.content, withMd5.has(entry.path)));
    }
    return digests;
  } finally {
    reader.close();
  }
}
