import { isRecord } from '../../base/json.ts';
import type { ArchiveFiles, FilePart } from '../../oci/archive-files.ts';
import { blobPath } from '../../oci/blob.ts';
import { brief, type Mismatch } from '../report.ts';

/** The file that a descriptor stands in, and its field there. */
export interface Place {
  readonly file: string;
  readonly field: string;
}

/** Checks a descriptor (image-spec, descriptor.md) against the blob that it names. */
export function checkDescriptor(
  value: unknown,
  { file, field }: Place,
  mediaTypes: readonly string[],
  { files }: ArchiveFiles,
): { readonly part?: FilePart; readonly mismatches: readonly Mismatch[] } {
  const wrong = (name: string, claimed: unknown, computed: string): Mismatch => ({
    file,
    field: `${field}${name}`,
    claimed: brief(claimed),
    computed,
  });
  if (!isRecord(value)) return { mismatches: [wrong('', value, 'a descriptor')] };
  const { mediaType, digest, size } = value;
  const mismatches: Mismatch[] = [];
  if (!mediaTypes.some((each) => each === mediaType)) {
    mismatches.push(wrong('.mediaType', mediaType, mediaTypes.join(' or ')));
  }
  const isDigest = typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest);
  const part = isDigest ? files.get(blobPath(digest)) : undefined;
  if (part === undefined) {
    mismatches.push(wrong('.digest', digest, 'no blob of that digest is there'));
    return { mismatches };
  }
  if (part.sha256 !== digest) mismatches.push(wrong('.digest', digest, part.sha256));
  if (part.size !== size) mismatches.push(wrong('.size', size, String(part.size)));
  return { part, mismatches };
}
