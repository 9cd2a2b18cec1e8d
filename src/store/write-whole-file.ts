import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ioError } from '../base/errors.ts';
import { ownedName, ownerState } from './owner.ts';

/** Removes what killed runs left of such files. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('.mkbase-') || (await ownerState(name.slice(1))) !== 'dead') continue;
    await rm(join(folder, name), { force: true });
  }
}

/** Writes a file whole or not at all: an old one stays until the new one is on disk. Errors: NO_SPACE, IO. */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  const target = resolve(path);
  const temporary = join(dirname(target), `.${await ownedName()}`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    await sweep(dirname(target)).catch(() => undefined);
  } catch (error) {
    await rm(temporary, { force: true });
    throw ioError(error, 'writing', path);
  }
}
