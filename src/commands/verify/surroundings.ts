import { existsSync } from 'node:fs';
import type { Io } from '../../base/events.ts';
import type { EvidenceContext } from '../../verify/evidence.ts';
import { type CommandContext, invocationOf } from '../command-context.ts';

/** The things on this machine that evidence is checked with. */
export interface Surroundings extends Omit<EvidenceContext, 'signal'> {
  /** Removes what was made for them. */
  dispose(): Promise<void>;
}

/** Options that say where recipe and inputs are. */
export interface SurroundingsOptions {
  readonly recipe?: string;
  /** A bundle, which is taken into the store. */
  readonly inputs?: string;
}

/** Opens the user's own store, if there is one or a bundle has to go there. */
async function storeFor(inputs: string | undefined, context: CommandContext, io: Io) {
  const { cacheFolder } = await import('../../store/cache-folder.ts');
  const folder = cacheFolder(context.env);
  if (inputs === undefined && !existsSync(folder)) return {};
  const [{ openStore }, { defaultLimits }, { takeBundle }] = await Promise.all([
    import('../../store/store.ts'),
    import('../../store/transfer/transfer.ts'),
    import('../../lock/bundle/read.ts'),
  ]);
  const store = await openStore(folder, defaultLimits, invocationOf(context));
  if (inputs !== undefined) await takeBundle(inputs, store, io);
  return { store };
}

/**
 * Opens what a verification may look into: the user's store, the recipe, and a folder for what has to be
 * unpacked, which is made when it is needed. Errors: those of takeBundle and openStore.
 */
export async function openSurroundings(
  { recipe, inputs }: SurroundingsOptions,
  context: CommandContext,
  io: Io,
): Promise<Surroundings> {
  const [{ recipeFinder }, { openWorkspace }, { cacheFolder }] = await Promise.all([
    import('../../pipeline/recipe-at-hand.ts'),
    import('../../store/workspace.ts'),
    import('../../store/cache-folder.ts'),
  ]);
  const made: (() => Promise<void>)[] = [];
  return {
    ...(await storeFor(inputs, context, io)),
    findRecipe: recipeFinder(recipe, context.cwd),
    async scratch() {
      const { folder, dispose } = await openWorkspace(`${cacheFolder(context.env)}/tmp`);
      made.push(dispose);
      return folder;
    },
    async dispose() {
      for (const each of made) await each();
    },
  };
}
