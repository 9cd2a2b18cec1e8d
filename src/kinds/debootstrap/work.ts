import { updateDebs } from '../../packages/deb/deb-inputs.ts';
import { withBuilder } from '../../steps/builder.ts';
import type { KindWork } from '../contract.ts';
import { debArchives } from '../debs/deb-archives.ts';
import { unpackedParts } from '../debs/deb-parts.ts';
import { resolveDebootstrap } from './choose/resolve.ts';
import { suitesOf } from './choose/suites.ts';
import type { LockedDebootstrapRoot } from './locked-debootstrap.ts';
import { buildDebootstrap } from './make.ts';
import type { DebootstrapSource } from './schema.ts';

const { archives, ...followed } = debArchives<DebootstrapSource, LockedDebootstrapRoot>({
  suites: (source) => suitesOf(source).map(({ suite }) => suite),
  debs: ({ debs }) => debs,
});

export const work: KindWork<DebootstrapSource, LockedDebootstrapRoot> = {
  ...followed,
  resolve: async (wanted, context, io) =>
    resolveDebootstrap(wanted, await archives(wanted, context.sources), context, io),
  update: (before, after, sources) => ({
    ...after,
    debs: updateDebs(before.debs, after.debs, sources),
  }),
  build: (pinned, context, io) => buildDebootstrap(pinned, withBuilder(context), io),
  special: () => 'listed',
  parts: (_, { debs }, context, io) => unpackedParts(debs, [], context, io),
};
