import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../base/events.ts';
import { turns } from '../base/turns.ts';
import type { Engine } from '../engines/engine.ts';
import type { Builder, Builders, ReadyBuilder } from './builder.ts';

/** The engine, the builders and the folder of one run. */
export interface BuilderPlace {
  readonly engine: Engine;
  readonly builders: Builders;
  readonly folder: string;
}

/** Builds that go on side by side in one process do not make a builder twice. */
const inTurn = turns();

/**
 * Returns a builder that the engine holds, and makes it where there is none to be believed; `fetch` brings
 * its packages into the store.
 */
export const holdBuilder = (
  builder: Builder,
  { engine, builders, folder }: BuilderPlace,
  fetch: () => Promise<void>,
  io: Io,
): Promise<ReadyBuilder> =>
  inTurn(`${engine.name} ${builder.reference.key}`, async () => {
    const found = await builders.find(builder, io);
    if (found !== undefined) return found;
    await fetch();
    // In a folder of its own: the recipe may unpack packages of the same names.
    return builders.make(builder, await mkdtemp(join(folder, 'builder-')), io);
  });
