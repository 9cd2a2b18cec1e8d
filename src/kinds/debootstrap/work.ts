import { join } from 'node:path';
import { debianContext } from '../../packages/deb/archive/debian-context.ts';
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

const askedBy = (source: DebootstrapSource) => ({
  suites: suitesOf(source).map(({ suite }) => suite),
  components: source.components,
});

export const work: KindWork<DebootstrapSource, LockedDebootstrapRoot> = {
  resolve: async (wanted, context, io) =>
    resolveDebootstrap(wanted, await contextOf(wanted, context.sources), context, io),
  downloads: async (wanted, { debs }, sources) =>
    debDownloads(debs, await contextOf(wanted, sources)),
  prove: async (wanted, { debs }, sources, io) =>
    proveDebs(debs, askedBy(wanted.source), wanted.platform, await contextOf(wanted, sources), io),
  indexFiles: async (wanted, { debs }, sources, io) => {
    const context = await contextOf(wanted, sources);
    return indexBlobs(debs.indexes, packagesPaths(wanted.platform), context, io);
  },
  update: (before, after, sources) => ({
    ...after,
    debs: updateDebs(before.debs, after.debs, sources),
  }),
  build: async (pinned, context, io) => ({
    entries: await buildDebootstrap(pinned, withBuilder(context), io),
  }),
  special: () => 'listed',
  parts: (_, { debs }, context, io) => unpackedParts(debs, [], context, io),
};
