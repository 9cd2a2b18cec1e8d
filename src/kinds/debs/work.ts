import { securitySuite } from '../../packages/deb/archive/releases.ts';
import { resolveDebs } from '../../packages/deb/choose/resolve.ts';
import { updateDebs } from '../../packages/deb/deb-inputs.ts';
import type { LockedDebs } from '../../packages/deb/locked-debs.ts';
import { unpackDebs } from '../../packages/deb/unpack/unpack.ts';
import type { KindWork } from '../contract.ts';
import { debArchives } from './deb-archives.ts';
import { unpackedParts } from './deb-parts.ts';
import type { DebsSource } from './schema.ts';

const { archives, ...followed } = debArchives<DebsSource, LockedDebs>({
  suites: ({ suite, security }) => [suite, ...(security ? [securitySuite(suite, 'debian')] : [])],
  debs: (locked) => locked,
});

export const work: KindWork<DebsSource, LockedDebs> = {
  ...followed,
  resolve: async (wanted, context, io) => {
    const { own, sources } = await archives(wanted, context.sources);
    return resolveDebs({ ...wanted.source, sources }, wanted.platform, own, io);
  },
  update: updateDebs,
  build: async ({ source, locked }, { store, folder, stage }, io) => {
    const { diversions, alternatives = false } = source;
    const options = { store, workFolder: folder, diversions, alternatives, stage };
    return { entries: await unpackDebs(locked, options, io) };
  },
  unpacks: () => true,
  special: () => 'listed',
  parts: ({ source }, locked, context, io) => unpackedParts(locked, source.diversions, context, io),
};
