import { differences } from '../base/json-differences.ts';
import type { Image } from '../image/image.ts';
import { blobPath } from '../oci/blob.ts';
import type { Entry } from '../tar/entry.ts';
import type { Mismatch } from './check.ts';

/** Owner, mode and time of each member that are not what mkbase gives all of its archives' members. */
function checkAttributes(file: string, entries: readonly Entry[], created: number): Mismatch[] {
  return entries.flatMap((entry) => {
    const { path, type, mode, uid, gid, mtime } = entry;
    const expected = { mode: type === 'directory' ? 0o755 : 0o644, uid: 0, gid: 0, mtime: created };
    return differences({ mode, uid, gid, mtime }, expected).map((each) => ({
      file,
      ...each,
      field: `${path} ${each.field}`,
    }));
  });
}

/** Whether mkbase packed an archive: other tools give nearly all members another owner, mode or time. */
export const isOwn = (entries: readonly Entry[], created: number): boolean =>
  entries.filter((entry) => checkAttributes('', [entry], created).length === 0).length * 2 >
  entries.length;

/** The members of an archive, their order and attributes, held against those that the image asks for. */
export function checkMembers(
  file: string,
  entries: readonly Entry[],
  image: Image,
  names: readonly string[],
): Mismatch[] {
  const digests = [image.config.digest, image.manifest.digest, image.rootfs.diffId];
  const blobs = digests.map(blobPath).sort();
  const expected = ['blobs', 'blobs/sha256', ...blobs, ...[...names].sort()];
  const found = entries.map(({ path }) => path);
  const order = differences(found, expected, 'members').map((each) => ({ file, ...each }));
  return [...order, ...checkAttributes(file, entries, image.created)];
}
