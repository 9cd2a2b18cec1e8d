import { updateAlpm } from '../../packages/alpm/alpm-inputs.ts';
import type { LockedAlpms } from '../../packages/alpm/locked-alpm.ts';
import { archMirror } from '../../packages/alpm/mirror.ts';
import { alpmDownloads, proveAlpm } from '../../packages/alpm/prove-alpm.ts';
import { withBuilder } from '../../steps/builder.ts';
import { type KindWork, noParts } from '../contract.ts';
import { installPacman } from './install.ts';
import { placeOf, resolvePacman } from './resolve.ts';
import type { PacmanSource } from './schema.ts';

export const work: KindWork<PacmanSource, LockedAlpms> = {
  resolve: resolvePacman,
  downloads: async ({ source }, locked, sources) =>
    alpmDownloads(locked, archMirror(source.mirror, sources)),
  prove: async (wanted, locked, sources, io) =>
    proveAlpm(locked, await placeOf(wanted, sources), sources, io),
  // Nobody signs the databases, so that nothing hangs on them.
  indexFiles: async () => [],
  update: updateAlpm,
  build: async ({ locked, epoch }, context, io) => ({
    entries: await installPacman(locked, epoch, withBuilder(context), io),
  }),
  special: () => 'listed',
  parts: async () => ({ ...noParts, madeByBuild: true }),
};
