import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, and returns the first that was not there yet. Node's own
 * `recursive` reports a full disk as ENOENT, so the steps are taken here. `mode` is that of every folder
 * that is made, less the umask. Fails as mkdir(2) does.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<string | undefined> {
  try {
    return await makeOne(path, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    const first = await makeFolder(dirname(path), mode);
    // Tried once more and not again: where nothing can be made, as in /proc, this is always ENOENT.
    const made = await makeOne(path, mode);
    return first ?? made;
  }
}

async function makeOne(path: string, mode: number): Promise<string | undefined> {
  try {
    await mkdir(path, mode);
    return path;
  } catch (error) {
    if (!(await isFolder(path))) throw error;
    return undefined;
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
