import { join } from 'node:path';
import { debianContext } from '../../packages/deb/archive/debian-context.ts';
import { indexBlobs, packagesPaths } from '../../packages/deb/archive/index-blobs.ts';
import { proveDebs } from '../../packages/deb/archive/prove-debs.ts';
import { securitySuite } from '../../packages/deb/archive/releases.ts';
import { debDownloads, resolveDebs } from '../../packages/deb/choose/resolve.ts';
import { updateDebs } from '../../packages/deb/deb-inputs.ts';
import type { LockedDebs } from '../../packages/deb/locked-debs.ts';
import { unpackDebs } from '../../packages/deb/unpack/unpack.ts';
import type { RunSources } from '../../packages/sources.ts';
import type { KindWork, Wanted } from '../contract.ts';
import { unpackedParts } from './deb-parts.ts';
import type { DebsSource } from './schema.ts';

const contextOf = ({ source, folder, platform }: Wanted<DebsSource>, sources: RunSources) => {
  const keyrings = source.keyrings.map((path) => join(folder, path));
  return debianContext({ keyrings, ended: source.ended }, platform, sources);
};

const askedBy = ({ suite, security, components }: DebsSource) => ({
  suites: [suite, ...(security ? [securitySuite(suite, 'debian')] : [])],
  components,
});

export const work: KindWork<DebsSource, LockedDebs> = {
  resolve: async (wanted, { sources }, io) =>
    resolveDebs(wanted.source, wanted.platform, await contextOf(wanted, sources), io),
  downloads: async (wanted, locked, sources) =>
    debDownloads(locked, await contextOf(wanted, sources)),
  prove: async (wanted, locked, sources, io) =>
    proveDebs(
      locked,
      askedBy(wanted.source),
      wanted.platform,
      await contextOf(wanted, sources),
      io,
    ),
  indexFiles: async (wanted, locked, sources, io) => {
    const context = await contextOf(wanted, sources);
    return indexBlobs(locked.indexes, packagesPaths(wanted.platform), context, io);
  },
  update: updateDebs,
  build: async ({ source, locked }, { store, folder, stage }, io) => {
    const { diversions, alternatives = false } = source;
    const options = { store, workFolder: folder, diversions, alternatives, stage };
    return { entries: await unpackDebs(locked, options, io) };
  },
  unpacks: true,
  special: () => 'listed',
  parts: ({ source }, locked, context, io) => unpackedParts(locked, source.diversions, context, io),
};
