import { differences } from '../../base/json-differences.ts';
import type { Image } from '../../image/image.ts';
import type { ArchiveFiles } from '../../oci/archive-files.ts';
import { blobPath, mediaTypes } from '../../oci/blob.ts';
import { imageLayout } from '../../outputs/oci/layout.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';
import type { Mismatch } from '../report.ts';
import type { FoundImage } from './found-image.ts';
import { imageFromArchive, namesInArchive } from './image-from-archive.ts';
import { checkTarBytes } from './tar-bytes.ts';

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Checks a small file against the only bytes that mkbase writes there. */
async function checkText(
  name: string,
  found: Buffer | undefined,
  expected: Uint8Array,
): Promise<Mismatch[]> {
  if (found?.equals(expected)) return [];
  if (found === undefined) {
    return [{ file: name, field: '', claimed: 'nothing', computed: 'a file' }];
  }
  const value = parsed(found);
  const fields = value === undefined ? [] : differences(value, parsed(expected));
  if (fields.length > 0) return fields.map((each) => ({ file: name, ...each }));
  const at = found.findIndex((byte, index) => byte !== expected[index]);
  const field = `byte ${at < 0 ? Math.min(found.length, expected.length) : at}`;
  return [{ file: name, field, claimed: 'another form', computed: 'the one form of this JSON' }];
}

/** Checks owner, mode and time of each member: mkbase gives all members the same. */
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

/** Returns whether mkbase packed an archive: other tools give most members another owner, mode or time. */
const isOwnArchive = (entries: readonly Entry[], created: number): boolean =>
  entries.filter((entry) => checkAttributes('', [entry], created).length === 0).length * 2 >
  entries.length;

/** Checks the members of an archive, their order and attributes against those that mkbase writes. */
function checkMembers(
  file: string,
  entries: readonly Entry[],
  image: Image,
  names: readonly string[],
): Mismatch[] {
  const layers = image.layers.map(({ diffId }) => diffId);
  const digests = [image.config.digest, image.manifest.digest, ...layers];
  const blobs = digests.map(blobPath).sort();
  const expected = ['blobs', 'blobs/sha256', ...blobs, ...[...names].sort()];
  const found = entries.map(({ path }) => path);
  const order = differences(found, expected, 'members').map((each) => ({ file, ...each }));
  return [...order, ...checkAttributes(file, entries, image.created)];
}

/** Returns whether mkbase wrote a layout folder: skopeo and umoci leave the index's media type out. */
async function isOwnFolder({ files }: ArchiveFiles): Promise<boolean> {
  const index = files.get('index.json');
  return index !== undefined && (await readContent(index)).includes(`"${mediaTypes.index}"`);
}

/**
 * Checks everything that an archive or layout folder holds around the image: its names, its members, and
 * every byte of the tar itself. Returns undefined if another tool wrote it, in a form of its own.
 */
export async function checkCanonicalForm(
  file: string,
  path: string,
  archive: ArchiveFiles,
  found: FoundImage,
  signal: AbortSignal,
): Promise<Mismatch[] | undefined> {
  const image = await imageFromArchive(found, archive);
  if (image === undefined) return undefined;
  const { entries } = archive;
  const own = entries ? isOwnArchive(entries, image.created) : await isOwnFolder(archive);
  if (!own) return undefined;
  const names = await namesInArchive(archive);
  const layout = imageLayout(image);
  const texts = new Map([...layout.files(names), ...(entries ? layout.dockerFiles(names) : [])]);
  const mismatches: Mismatch[] = [];
  for (const [name, expected] of texts) {
    const part = archive.files.get(name);
    const bytes = part && (await readContent(part));
    mismatches.push(...(await checkText(`${file}: ${name}`, bytes, expected)));
  }
  if (entries === undefined) return mismatches;
  mismatches.push(...checkMembers(file, entries, image, [...texts.keys()]));
  mismatches.push(...(await checkTarBytes(file, path, entries, signal)));
  return mismatches;
}
