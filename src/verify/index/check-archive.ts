import { MkbaseError } from '../../base/errors.ts';
import { differences } from '../../base/json-differences.ts';
import { type LayoutOnDisk, readLayout } from '../../image/read-image.ts';
import type { Blob } from '../../oci/blob.ts';
import { archiveEntries } from '../../outputs/oci/archive.ts';
import { indexLayout } from '../../outputs/oci/layout.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';
import { namesInArchive } from '../image/image-from-archive.ts';
import type { ImagePlace } from '../image/inspect-image.ts';
import { checkTarBytes } from '../image/tar-bytes.ts';
import { type Check, counted, type Mismatch } from '../report.ts';

/** A layout that holds an index: an archive or a folder. */
export type IndexPlace = ImagePlace;

/** Returns the attributes of members that have to be as mkbase writes them. */
const attributes = (entries: readonly Entry[]) =>
  entries.map((entry) => {
    const { path, type, mode, uid, gid, mtime } = entry;
    return {
      path,
      type,
      mode,
      uid,
      gid,
      mtime,
      ...(entry.type === 'file' && { size: entry.size }),
    };
  });

/** Checks all that stands around the blobs: names, members, and each byte of the tar between them. */
async function checkAround(
  { path, name }: IndexPlace,
  { images, archive }: LayoutOnDisk,
  index: Blob,
  signal: AbortSignal,
): Promise<Mismatch[]> {
  const layout = indexLayout({ index, images });
  const names = await namesInArchive(archive);
  const mismatches: Mismatch[] = [];
  for (const [file, expected] of layout.files(names)) {
    const part = archive.files.get(file);
    if (part !== undefined && (await readContent(part)).equals(expected)) continue;
    const computed = 'the one form of this file';
    mismatches.push({ file: `${name}: ${file}`, field: '', claimed: 'another form', computed });
  }
  const { entries } = archive;
  if (entries === undefined) return mismatches;
  const members = attributes(archiveEntries(layout, names));
  const found = differences(attributes(entries), members, 'members');
  mismatches.push(...found.map((each) => ({ file: name, ...each })));
  return [...mismatches, ...(await checkTarBytes(name, path, entries, signal))];
}

/**
 * Checks that a layout holds one index and nothing else, by whatever reader: every digest in it is computed
 * anew. Errors: IO.
 */
export async function checkIndexArchive(
  place: IndexPlace,
  index: Blob,
  signal: AbortSignal,
): Promise<Check> {
  const { path, name } = place;
  const what = `digests, names and each byte of ${name} against the images of the index`;
  const wrong = (field: string, claimed: string, computed: string): Mismatch[] => [
    { file: name, field, claimed, computed },
  ];
  try {
    const layout = await readLayout(path, { emit: () => {}, signal });
    const extent = counted(layout.images.length, 'platform');
    if (layout.digest !== index.digest) {
      return { what, extent, mismatches: wrong('index', layout.digest, index.digest) };
    }
    const mismatches = await checkAround(place, layout, index, signal);
    return { what, extent, mismatches, proves: 'image' };
  } catch (error) {
    const refused = ['ARCHIVE_REFUSED', 'IMAGE_MISMATCH'];
    if (!(error instanceof MkbaseError) || !refused.includes(error.code)) throw error;
    return { what, mismatches: wrong('', error.message, 'the images of the index') };
  }
}
