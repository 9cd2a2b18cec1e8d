import type { Download } from '../../../store/blobs/download-blob.ts';
import { below } from '../../mirror-url.ts';
import type { MetadataFile, Repomd } from '../repository/repomd.ts';
import { badMetadata } from '../repository/xml.ts';

/** Five times the largest list of Fedora, packed. */
const maxMetadataBytes = 512 * 1024 * 1024;

/** Returns what to download of a file that a repository's list names. Throws SOURCE_CORRUPT. */
export function metadataDownload(
  { type, href, checksum, size }: MetadataFile,
  roots: readonly string[],
  what: string,
): Download {
  if (checksum.algorithm !== 'sha256') {
    throw badMetadata(what, `${type} is listed with ${checksum.algorithm}; sha256 is taken`);
  }
  if (size !== undefined && size > maxMetadataBytes) {
    throw badMetadata(what, `${type} has ${size} bytes; at most ${maxMetadataBytes} are read`);
  }
  return {
    urls: roots.map((root) => below(root, href)),
    sha256: checksum.digest,
    ...(size === undefined ? { maxBytes: maxMetadataBytes } : { size }),
  };
}

/** Returns a file of a repository that must be there. Throws SOURCE_CORRUPT. */
export function requiredFile({ files }: Repomd, type: string, what: string): MetadataFile {
  const file = files.get(type);
  if (file === undefined) throw badMetadata(what, `it lists no ${type}`);
  return file;
}
