import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Io } from '../../base/events.ts';
import type { Store } from '../../store/store.ts';
import type { EvidenceContext } from '../../verify/evidence.ts';
import type { TrustSources } from '../../verify/follow-trust.ts';
import { type CommandContext, invocationOf } from '../command-context.ts';
import { openScratch } from './scratch.ts';

/** The things on this machine that evidence is checked with. */
export interface Surroundings extends Omit<EvidenceContext, 'signal'> {
  /** The bytes in which signatures over inputs are followed. */
  readonly trust: TrustSources;
  /** Removes what was made for them. */
  dispose(): Promise<void>;
}

/** Options that say where recipe and inputs are. */
export interface SurroundingsOptions {
  readonly recipe?: string;
  /** A bundle, which is taken into the store. */
  readonly inputs?: string;
  /** File with the public key that vouched for the lock. */
  readonly lockKey?: string;
}

/** Opens the user's own store; where there is none or it cannot be written to, an empty one in a folder. */
async function openOwnStore(folder: string, context: CommandContext): Promise<Store> {
  const [{ cacheFolder }, { openStore }, { defaultLimits }] = await Promise.all([
    import('../../store/cache-folder.ts'),
    import('../../store/store.ts'),
    import('../../store/transfer/transfer.ts'),
  ]);
  const own = cacheFolder(context.env);
  const open = (path: string) => openStore(path, defaultLimits, invocationOf(context));
  if (!existsSync(own)) return open(join(folder, 'store'));
  return open(own).catch(() => open(join(folder, 'store')));
}

async function loadKey(file: string) {
  const { loadVerificationKey } = await import('../../sign/keys/verification-key.ts');
  return loadVerificationKey(file);
}

/**
 * Opens what a verification may look into: the user's store, with the bundle that `--inputs` names taken
 * into it, the recipe, and a folder for what has to be unpacked. Errors: those of takeBundle and openStore.
 */
export async function openSurroundings(
  { recipe, inputs, lockKey: keyFile }: SurroundingsOptions,
  context: CommandContext,
  io: Io,
): Promise<Surroundings> {
  const { recipeFinder } = await import('../../pipeline/recipe-at-hand.ts');
  const { folder, dispose } = await openScratch(context);
  try {
    const store = await openOwnStore(folder, context);
    if (inputs !== undefined) {
      const { takeBundle } = await import('../../lock/bundle/read.ts');
      await takeBundle(resolve(context.cwd, inputs), store, io);
    }
    const followed = join(folder, 'trust');
    await mkdir(followed);
    const lockKey = keyFile === undefined ? {} : { lockKey: await loadKey(keyFile) };
    return {
      store,
      trust: { store, folder: followed, now: invocationOf(context).now, ...lockKey },
      findRecipe: recipeFinder(recipe, context.cwd),
      scratch: () => mkdtemp(join(folder, 'layer-')),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
