import type { ByteString } from '../../base/byte-string.ts';
import type { Io } from '../../base/events.ts';
import { sha256OfStream } from '../../base/hash.ts';
import { unknownLicence } from '../../packages/licences/licence.ts';
import { purl } from '../../packages/purl.ts';
import type { Store } from '../../store/store.ts';
import { compressionByName } from '../../tar/compression-names.ts';
import { decompress } from '../../tar/decompress.ts';
import type { Entry } from '../../tar/entry.ts';
import { readTar } from '../../tar/read.ts';
import { nameAndVersion } from '../archive.ts';
import type { Component, FileDigests } from '../component.ts';
import type { OwnsEntry } from '../contract.ts';
import { isBeside, type LockedRootfs } from './locked-rootfs.ts';

/** Returns a published root filesystem as a component. */
export function rootfsArchiveComponent(archive: LockedRootfs): Component {
  const { release, sha256 } = archive;
  const name = release ? `${release.distro}-minirootfs` : nameAndVersion(archive.name).name;
  const version = release?.version ?? nameAndVersion(archive.name).version;
  const qualifiers = {
    arch: release?.arch,
    checksum: `sha256:${sha256}`,
    download_url: release || isBeside(archive) ? undefined : archive.url,
  };
  const id = purl({ type: 'generic', name, version, qualifiers });
  return {
    id,
    kind: 'rootfs-archive',
    name,
    ...(version !== undefined && { version }),
    ...(release && { architecture: release.arch }),
    licence: unknownLicence('a published archive; its packages state their own'),
    purl: id,
    sha256,
    url: archive.url,
    inputs: [],
    linked: [],
  };
}

const maxBytes = 8 * 1024 ** 3;

/** Returns the device numbers of an entry, which must be the archive's for the archive to own it. */
const deviceOf = (entry: Entry) =>
  entry.type === 'character' || entry.type === 'block' ? `${entry.major}:${entry.minor}` : '';

/** Reads a published archive and returns, by path, a mark for each file, link or device. */
async function archiveMarks(
  { name, sha256 }: LockedRootfs,
  store: Store,
  { signal }: Io,
): Promise<Map<ByteString, string>> {
  const marks = new Map<ByteString, string>();
  const form = compressionByName(name) ?? 'none';
  const tar = decompress(store.read(sha256), form, { maxBytes, what: name, signal });
  for await (const { entry, content } of readTar(tar, { source: name })) {
    if (entry.type === 'file') {
      marks.set(entry.path, `file ${await sha256OfStream(content)}`);
    } else if (entry.type === 'hardlink') {
      marks.set(entry.path, marks.get(entry.target) ?? '');
    } else if (entry.type === 'symlink') {
      marks.set(entry.path, `symlink ${entry.target}`);
    } else {
      marks.set(entry.path, `${entry.type} ${deviceOf(entry as Entry)}`);
    }
  }
  return marks;
}

const markOf = (entry: Entry, digests: FileDigests | undefined): string => {
  if (entry.type === 'file') return `file ${digests?.sha256}`;
  if (entry.type === 'symlink') return `symlink ${entry.target}`;
  return `${entry.type} ${deviceOf(entry)}`;
};

/**
 * Returns a test for entries that a published archive has just as they are in the rootfs. Errors:
 * SOURCE_CORRUPT, ARCHIVE_REFUSED, IO, INTERRUPTED.
 */
export async function archiveOwner(
  archive: LockedRootfs,
  store: Store,
  io: Io,
): Promise<OwnsEntry> {
  const marks = await archiveMarks(archive, store, io);
  return (entry, digests) => marks.get(entry.path) === markOf(entry, digests);
}
