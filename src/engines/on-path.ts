import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { host } from '../base/host.ts';

/** Tells whether a program is in one of the folders of `path`, in the form of PATH. */
export async function isOnPath(program: string, path: string): Promise<boolean> {
  const names = host.programEndings.map((ending) => `${program}${ending}`);
  const tries = path
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .map((file) => access(file, constants.X_OK).then(() => true));
  return Promise.any(tries).catch(() => false);
}
