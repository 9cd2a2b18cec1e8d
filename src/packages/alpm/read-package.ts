import { refusedArchive } from '../../tar/decompress.ts';
import { readTar } from '../../tar/read.ts';
import { openArchive } from './open-archive.ts';
import { type PackageInfo, parsePackageInfo } from './package-info.ts';

/** Most bytes of a .PKGINFO; one with ten thousand dependencies has a third. */
const maxInfoBytes = 1024 * 1024;
/** Most bytes of what stands before it: makepkg puts .BUILDINFO, .MTREE and .INSTALL there. */
const maxBytes = 256 * 1024 * 1024;
const maxEntries = 16;

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string, what: string): PackageInfo {
  try {
    return parsePackageInfo(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusedArchive(what, `its .PKGINFO cannot be read: ${error.message}`, error);
  }
}

/**
 * Reads the .PKGINFO of a package, which stands among the first members as pacman needs it (libalpm's
 * be_package.c); the rest is not unpacked. `what` is its file name. Throws ARCHIVE_REFUSED.
 */
export async function readPackageInfo(
  bytes: AsyncIterable<Uint8Array>,
  what: string,
): Promise<PackageInfo> {
  const tar = openArchive(bytes, { maxBytes, what });
  const limits = { maxBytes, maxEntries: 1_000_000 };
  let found: PackageInfo | undefined;
  let seen = 0;
  for await (const { entry, content } of readTar(tar, { source: what, limits })) {
    if (!entry.path.startsWith('.') || seen++ > maxEntries) break;
    if (entry.path !== '.PKGINFO') continue;
    if (entry.type !== 'file' || entry.size > maxInfoBytes) {
      throw refusedArchive(what, 'its .PKGINFO is no file, or too large');
    }
    // pacman would read both.
    if (found !== undefined) throw refusedArchive(what, 'has two .PKGINFO');
    found = parsed(await textOf(content), what);
  }
  if (found !== undefined) return found;
  throw refusedArchive(what, 'has no .PKGINFO among its first members');
}
