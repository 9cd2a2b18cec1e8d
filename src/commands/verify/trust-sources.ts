import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Io } from '../../base/events.ts';
import type { Store } from '../../store/store.ts';
import type { TrustSources } from '../../verify/follow-trust.ts';
import { type CommandContext, invocationOf } from '../command-context.ts';

/** Opens the user's own store; where it cannot be written to, an empty one in a folder of this run. */
async function openOwnStore({ env }: CommandContext, folder: string): Promise<Store> {
  const [{ cacheFolder }, { openStore }] = await Promise.all([
    import('../../store/cache-folder.ts'),
    import('../../store/store.ts'),
  ]);
  return openStore(cacheFolder(env)).catch(() => openStore(join(folder, 'store')));
}

/**
 * Opens what signatures are followed in: the user's own store, with the bundle that `--inputs` names taken
 * into it. Errors: those of takeBundle, IO, NO_SPACE.
 */
export async function openTrustSources(
  inputs: string | undefined,
  context: CommandContext,
  io: Io,
): Promise<{ readonly trust: TrustSources; dispose(): Promise<void> }> {
  const { openWorkspace } = await import('../../store/workspace.ts');
  const { folder, dispose } = await openWorkspace(tmpdir());
  try {
    const store = await openOwnStore(context, folder);
    if (inputs !== undefined) {
      const { takeBundle } = await import('../../lock/bundle/read.ts');
      await takeBundle(resolve(context.cwd, inputs), store, io);
    }
    return { trust: { store, folder, now: invocationOf(context).now }, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
