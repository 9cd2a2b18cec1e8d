import { join } from 'node:path';
import { type DebianContext, debianContext } from '../../packages/deb/archive/debian-context.ts';
import { sourceSuites } from '../../packages/deb/archive/extra-source.ts';
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

const sourcesOf = ({ source, folder }: Wanted<DebsSource>, own: DebianContext) =>
  sourceSuites(source.sources, folder, own);

const askedBy = (wanted: Wanted<DebsSource>, own: DebianContext) => {
  const { suite, security, components } = wanted.source;
  return {
    suites: [suite, ...(security ? [securitySuite(suite, 'debian')] : [])],
    components,
    sources: sourcesOf(wanted, own),
  };
};

export const work: KindWork<DebsSource, LockedDebs> = {
  resolve: async (wanted, { sources }, io) => {
    const own = await contextOf(wanted, sources);
    const request = { ...wanted.source, sources: sourcesOf(wanted, own) };
    return resolveDebs(request, wanted.platform, own, io);
  },
  downloads: async (wanted, locked, sources) => {
    const own = await contextOf(wanted, sources);
    return debDownloads(locked, own, sourcesOf(wanted, own));
  },
  prove: async (wanted, locked, sources, io) => {
    const own = await contextOf(wanted, sources);
    return proveDebs(locked, askedBy(wanted, own), wanted.platform, own, io);
  },
  indexFiles: async (wanted, locked, sources, io) => {
    const own = await contextOf(wanted, sources);
    const further = sourcesOf(wanted, own);
    return indexBlobs(locked.indexes, packagesPaths(wanted.platform), own, io, further);
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
