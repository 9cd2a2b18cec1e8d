import { join } from 'node:path';
import { type DebianContext, debianContext } from '../../packages/deb/archive/debian-context.ts';
import { sourceSuites } from '../../packages/deb/archive/extra-source.ts';
import { indexBlobs, packagesPaths } from '../../packages/deb/archive/index-blobs.ts';
import { proveDebs } from '../../packages/deb/archive/prove-debs.ts';
import { debDownloads } from '../../packages/deb/choose/resolve.ts';
import { updateDebs } from '../../packages/deb/deb-inputs.ts';
import type { RunSources } from '../../packages/sources.ts';
import { withBuilder } from '../../steps/builder.ts';
import type { KindWork, Wanted } from '../contract.ts';
import { unpackedParts } from '../debs/deb-parts.ts';
import { resolveDebootstrap } from './choose/resolve.ts';
import { suitesOf } from './choose/suites.ts';
import type { LockedDebootstrapRoot } from './locked-debootstrap.ts';
import { buildDebootstrap } from './make.ts';
import type { DebootstrapSource } from './schema.ts';

const contextOf = (
  { source: { distro, keyrings, mirror, ended }, folder, platform }: Wanted<DebootstrapSource>,
  sources: RunSources,
) => {
  const files = keyrings.map((path) => join(folder, path));
  return debianContext({ distribution: distro, keyrings: files, mirror, ended }, platform, sources);
};

const sourcesOf = ({ source, folder }: Wanted<DebootstrapSource>, own: DebianContext) =>
  sourceSuites(source.sources, folder, own);

const askedBy = (wanted: Wanted<DebootstrapSource>, own: DebianContext) => ({
  suites: suitesOf(wanted.source).map(({ suite }) => suite),
  components: wanted.source.components,
  sources: sourcesOf(wanted, own),
});

export const work: KindWork<DebootstrapSource, LockedDebootstrapRoot> = {
  resolve: async (wanted, context, io) => {
    const own = await contextOf(wanted, context.sources);
    return resolveDebootstrap(wanted, { own, sources: sourcesOf(wanted, own) }, context, io);
  },
  downloads: async (wanted, { debs }, sources) => {
    const own = await contextOf(wanted, sources);
    return debDownloads(debs, own, sourcesOf(wanted, own));
  },
  prove: async (wanted, { debs }, sources, io) => {
    const own = await contextOf(wanted, sources);
    return proveDebs(debs, askedBy(wanted, own), wanted.platform, own, io);
  },
  indexFiles: async (wanted, { debs }, sources, io) => {
    const own = await contextOf(wanted, sources);
    const further = sourcesOf(wanted, own);
    return indexBlobs(debs.indexes, packagesPaths(wanted.platform), own, io, further);
  },
  update: (before, after, sources) => ({
    ...after,
    debs: updateDebs(before.debs, after.debs, sources),
  }),
  build: (pinned, context, io) => buildDebootstrap(pinned, withBuilder(context), io),
  special: () => 'listed',
  parts: (_, { debs }, context, io) => unpackedParts(debs, [], context, io),
};
