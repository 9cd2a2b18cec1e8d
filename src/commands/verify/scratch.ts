import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workspace } from '../../store/workspace.ts';
import type { CommandContext } from '../command-context.ts';

/** Makes a folder of this run's own, in the cache where that can be written to. */
export async function openScratch({ env }: Pick<CommandContext, 'env'>): Promise<Workspace> {
  const [{ cacheFolder }, { openWorkspace }] = await Promise.all([
    import('../../store/cache-folder.ts'),
    import('../../store/workspace.ts'),
  ]);
  const own = cacheFolder(env);
  if (!existsSync(own)) return openWorkspace(tmpdir());
  return openWorkspace(join(own, 'tmp')).catch(() => openWorkspace(tmpdir()));
}
