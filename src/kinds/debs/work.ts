import { join } from 'node:path';
import { followChain } from '../../packages/deb/archive/chain.ts';
import { debianContext } from '../../packages/deb/archive/debian-context.ts';
import { indexBlobs } from '../../packages/deb/archive/index-blobs.ts';
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
  return debianContext({ keyrings }, platform, sources);
};

export const work: KindWork<DebsSource, LockedDebs> = {
  resolve: async (wanted, { sources }, io) =>
    resolveDebs(wanted.source, wanted.platform, await contextOf(wanted, sources), io),
  downloads: async (wanted, locked, sources) =>
    debDownloads(locked, await contextOf(wanted, sources)),
  isProven: async (wanted, locked, sources, io) =>
    followChain(locked, wanted.platform, await contextOf(wanted, sources), io),
  indexFiles: async (wanted, locked, sources, io) =>
    indexBlobs(locked, wanted.platform, await contextOf(wanted, sources), io),
  update: updateDebs,
  build: async ({ source: { diversions }, locked }, { store, folder, stage }, io) => ({
    entries: await unpackDebs(locked, { store, workFolder: folder, diversions, stage }, io),
  }),
  unpacks: true,
  special: () => 'listed',
  parts: ({ source }, locked, context, io) => unpackedParts(locked, source.diversions, context, io),
};
