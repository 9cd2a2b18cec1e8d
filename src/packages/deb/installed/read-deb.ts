import type { ByteString } from '../../../base/byte-string.ts';
import type { Io } from '../../../base/events.ts';
import { sha256OfBytes, sha256OfStream } from '../../../base/hash.ts';
import type { Store } from '../../../store/store.ts';
import { decompress } from '../../../tar/decompress.ts';
import { readTar } from '../../../tar/read.ts';
import type { Expected } from '../../claim.ts';
import { type Paragraph, parseParagraph } from '../index/paragraph.ts';
import type { LockedPackage } from '../locked-debs.ts';
import { type DebMember, debMembers } from '../unpack/deb.ts';

/** The name of a .deb's package, and the file in which it is locked. */
export type NamedDeb = Pick<LockedPackage, 'name' | 'filename' | 'sha256'>;

/** The control files of a .deb. */
export interface DebControl {
  readonly locked: NamedDeb;
  readonly fields: Paragraph;
  /** The control file's bytes. */
  readonly control: Buffer;
  /** The md5sums file's bytes, where there is one. */
  readonly md5sums: Buffer | undefined;
}

/** A .deb with the digests of the files that it ships. */
export interface DebFiles extends DebControl {
  /** All that it ships besides folders, by its path in the package. */
  readonly files: ReadonlyMap<ByteString, Expected>;
  /** Its copyright file, or the link from its folder of documents to another package's. */
  readonly copyright: Copyright | undefined;
}

/** A text, or the name of the package that has it. */
export type Copyright = { readonly text: string } | { readonly of: string };

const mebibyte = 1024 ** 2;
const maxControl = 16 * mebibyte;
/** GCC's, the longest of Debian's, is 70 KiB; held in memory. */
const maxCopyright = 4 * mebibyte;
const maxData = 16 * 1024 * mebibyte;

const fileName = ({ filename }: NamedDeb) => filename.slice(filename.lastIndexOf('/') + 1);

function members({ name, compression, content }: DebMember, locked: NamedDeb, { signal }: Io) {
  const what = `${name}.tar of ${fileName(locked)}`;
  const maxBytes = name === 'control' ? maxControl : maxData;
  const tar = decompress(content, compression, { maxBytes, what, signal });
  return readTar(tar, { source: what, limits: { maxBytes } });
}

async function gathered(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function readControl(member: DebMember, locked: NamedDeb, io: Io): Promise<DebControl> {
  const files = new Map<string, Buffer>();
  for await (const { entry, content } of members(member, locked, io)) {
    const wanted = entry.path === 'control' || entry.path === 'md5sums';
    if (wanted) files.set(entry.path, await gathered(content));
  }
  const control = files.get('control') ?? Buffer.alloc(0);
  const fields = parseParagraph(control.toString('utf8'));
  return { locked, fields, control, md5sums: files.get('md5sums') };
}

async function readFiles(
  member: DebMember,
  locked: NamedDeb,
  io: Io,
): Promise<Pick<DebFiles, 'files' | 'copyright'>> {
  const files = new Map<ByteString, Expected>();
  const documents = `usr/share/doc/${locked.name}`;
  let copyright: Copyright | undefined;
  for await (const { entry, content } of members(member, locked, io)) {
    const { path } = entry;
    if (entry.type === 'file' && path === `${documents}/copyright` && entry.size <= maxCopyright) {
      const bytes = await gathered(content);
      copyright = { text: bytes.toString('utf8') };
      const digest = sha256OfBytes(bytes);
      files.set(path, { type: 'file', algorithm: 'sha256', digest });
    } else if (entry.type === 'file') {
      files.set(path, { type: 'file', algorithm: 'sha256', digest: await sha256OfStream(content) });
    } else if (entry.type === 'symlink') {
      files.set(path, { type: 'symlink', target: entry.target });
      if (path === documents) copyright = { of: entry.target.replace(/^.*\//, '') };
    } else if (entry.type === 'hardlink') {
      files.set(path, files.get(entry.target) ?? { type: 'name' });
    } else if (entry.type !== 'directory') {
      files.set(path, { type: 'name' });
    }
  }
  return { files, copyright };
}

/**
 * Reads the control files of a .deb in the store, and the hash of every file that it ships. Memory is
 * flat; nothing is unpacked. Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED, IO, INTERRUPTED.
 */
export async function readDebFiles(locked: NamedDeb, store: Store, io: Io): Promise<DebFiles> {
  let control: DebControl | undefined;
  let files: Pick<DebFiles, 'files' | 'copyright'> | undefined;
  for await (const member of debMembers(store.read(locked.sha256), fileName(locked))) {
    if (member.name === 'control') control = await readControl(member, locked, io);
    else files = await readFiles(member, locked, io);
  }
  return { ...control!, ...files! };
}
