import { lstat, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError, MkbaseError } from '../../base/errors.ts';
import { makeFolder } from '../../store/make-folder.ts';

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );

const refuse = (folder: string, names: readonly string[]) =>
  new MkbaseError({
    code: 'USAGE',
    message: `${folder} holds ${names.join(', ')} already; nothing was written.`,
    hint: 'Name another folder, or move what is there away.',
  });

/**
 * Writes files into a folder, which is made when it is missing; all of them or none. Throws USAGE
 * when one of them is there already, NO_SPACE, IO.
 */
export async function writeNewFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const names = Object.keys(files);
  const there = await Promise.all(names.map((name) => isThere(join(folder, name))));
  const taken = names.filter((_, index) => there[index]);
  if (taken.length > 0) throw refuse(folder, taken);
  await makeFolder(folder).catch((error: unknown) => {
    throw ioError(error, 'making', folder);
  });
  const written: string[] = [];
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = join(folder, name);
      // `wx`: what appeared meanwhile is not overwritten.
      await writeFile(file, text, { flag: 'wx' });
      written.push(file);
    }
  } catch (error) {
    await Promise.all(written.map((file) => rm(file, { force: true })));
    throw ioError(error, 'writing', folder);
  }
}
