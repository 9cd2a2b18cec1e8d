import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Tells whether a program is in one of the folders of `path`, in the form of PATH. */
export async function isOnPath(program: string, path: string): Promise<boolean> {
  const tries = path
    .split(delimiter)
    .map((folder) => access(join(folder, program), constants.X_OK).then(() => true));
  return Promise.any(tries).catch(() => false);
}
