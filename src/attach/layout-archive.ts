import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNewFile } from '../store/write-whole-file.ts';
import type { Entry } from '../tar/entry.ts';
import { writeTar } from '../tar/write.ts';

const header = (path: string, mode: number) => ({
  path,
  mode,
  uid: 0,
  gid: 0,
  mtime: 0,
  xattrs: [],
});

/** Lists the members of a layout in their one order: folders, blobs, then the files that name them. */
async function entriesOf(folder: string): Promise<Entry[]> {
  const blobs = (await readdir(join(folder, 'blobs', 'sha256'))).sort();
  const paths = [...blobs.map((name) => `blobs/sha256/${name}`), 'index.json', 'oci-layout'];
  const folders = ['blobs', 'blobs/sha256'].map(
    (path): Entry => ({ ...header(path, 0o755), type: 'directory' }),
  );
  const files = paths.map(async (path): Promise<Entry> => {
    const file = join(folder, path);
    const { size } = await stat(file);
    return { ...header(path, 0o644), type: 'file', size, content: { file, offset: 0, size } };
  });
  return [...folders, ...(await Promise.all(files))];
}

/** Writes an OCI image layout as one new archive: the same bytes for the same layout. Errors: IO, NO_SPACE. */
export async function writeLayoutArchive(
  folder: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  await writeNewFile(path, writeTar(await entriesOf(folder)), signal);
}
