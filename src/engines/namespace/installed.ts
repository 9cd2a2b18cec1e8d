import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { toolPath } from './isolate.ts';

/** Whether the scripts would find a program. */
export async function isInstalled(tool: string): Promise<boolean> {
  const tries = toolPath
    .split(':')
    .map((folder) => access(join(folder, tool), constants.X_OK).then(() => true));
  return Promise.any(tries).catch(() => false);
}
