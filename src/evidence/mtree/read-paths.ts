import type { ByteString } from '../../base/byte-string.ts';
import { hashesOfStream } from '../../base/hash.ts';
import type { BareEntry } from '../../tar/format/member.ts';
import { refuse } from '../../tar/format/refusal.ts';
import { parentOf } from '../../tar/names.ts';
import { readTar, type TarMember } from '../../tar/read.ts';
import type { PathRecord } from './path-record.ts';

type File = PathRecord & { links: number };

/** Returns the fields that only this type has. */
function fieldsOfType(entry: Exclude<BareEntry, { type: 'file' | 'hardlink' }>) {
  switch (entry.type) {
    case 'symlink':
      return { target: entry.target };
    case 'character':
    case 'block':
      return { major: entry.major, minor: entry.minor };
    default:
      return {};
  }
}

const common = ({ path, mode, uid, gid, mtime, xattrs }: BareEntry) => ({
  path,
  mode,
  uid,
  gid,
  mtime,
  xattrs,
});

/** Returns every folder above a path, the nearest first. */
function* foldersAbove(path: ByteString): Generator<ByteString> {
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) yield at;
}

/** Sees each member of a rootfs in turn, and returns the sha256 of a file's content; '' for any other. */
export type ReadMember = (member: TarMember) => Promise<string>;

const sha256Of: ReadMember = async ({ entry, content }) => {
  const [sha256 = ''] =
    entry.type === 'file' ? await hashesOfStream(['sha256'], content, entry.size) : [];
  return sha256;
};

/**
 * Computes every path of a rootfs from the bytes of its tar, in the tar's order. `source` names the tar in
 * messages, and `read` sees each member. Every name of a file has the file's own fields. Throws what `readTar` throws, and
 * ARCHIVE_REFUSED for a hard link to no file before it, and for names that engines read in another way: one
 * that stands there twice, one below what is no folder, and a whiteout, which is an order to remove a file.
 */
export async function readPaths(
  tar: AsyncIterable<Uint8Array>,
  source: string,
  read: ReadMember = sha256Of,
): Promise<PathRecord[]> {
  const records = new Map<ByteString, PathRecord | File>();
  const names = new Map<ByteString, File>();
  const folders = new Set<ByteString>();

  /** Says why a name may mean another path for an engine that unpacks the tar. */
  function problemOf({ path, type }: BareEntry): string | undefined {
    if (records.has(path)) return 'is there twice';
    if (path.split('/').some((part) => part.startsWith('.wh.'))) {
      return 'is a whiteout, which removes another path';
    }
    if (type !== 'directory' && folders.has(path)) return 'takes the place of a folder';
    for (const folder of foldersAbove(path)) {
      if (folders.has(folder)) break;
      const type = records.get(folder)?.type ?? 'directory';
      if (type !== 'directory') return `lies below a ${type}`;
      folders.add(folder);
    }
    return undefined;
  }

  async function recordOf(member: TarMember): Promise<PathRecord | File> {
    const { entry, offset } = member;
    const sha256 = await read(member);
    if (entry.type === 'hardlink') {
      const file = names.get(entry.target);
      if (file === undefined) {
        return refuse({ source, offset, name: entry.path }, 'is a hard link to no file before it');
      }
      file.links += 1;
      names.set(entry.path, file);
      return { ...file, ...common(entry) };
    }
    if (entry.type !== 'file') {
      return { ...common(entry), type: entry.type, ...fieldsOfType(entry) };
    }
    const { type, size } = entry;
    const file = { ...common(entry), type, links: 1, size, sha256 };
    names.set(entry.path, file);
    return file;
  }

  for await (const member of readTar(tar, { source })) {
    const { path } = member.entry;
    const problem = problemOf(member.entry);
    if (problem !== undefined) refuse({ source, offset: member.offset, name: path }, problem);
    records.set(path, await recordOf(member));
  }
  return [...records].map(([path, record]) => {
    const links = names.get(path)?.links;
    return links === undefined ? record : { ...record, links };
  });
}
