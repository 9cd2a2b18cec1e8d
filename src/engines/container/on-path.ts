import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Tells whether a program is in a folder of PATH. */
export async function isOnPath(
  program: string,
  { PATH = '' }: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const tries = PATH.split(delimiter).map((folder) =>
    access(join(folder, program), constants.X_OK).then(() => true),
  );
  return Promise.any(tries).catch(() => false);
}
