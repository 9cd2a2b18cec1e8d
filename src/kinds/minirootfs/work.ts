import { apkDownloads } from '../../packages/apk/apk-downloads.ts';
import { updateApks } from '../../packages/apk/apk-inputs.ts';
import { alpineContext } from '../../packages/apk/mirror.ts';
import { withBuilder } from '../../steps/builder.ts';
import { addApks } from '../apk/install.ts';
import { resolveAddedApks } from '../apk/resolve.ts';
import { type KindWork, noParts } from '../contract.ts';
import { archiveOwner, rootfsArchiveComponent } from './archive-parts.ts';
import type { LockedMinirootfs } from './locked-rootfs.ts';
import { proveMinirootfs } from './prove.ts';
import { minirootfsDownloads, requireLocked, resolveMinirootfs } from './resolve.ts';
import type { MinirootfsSource } from './schema.ts';
import { unpackMinirootfs } from './unpack.ts';

const mirrorIn = (source: MinirootfsSource) => ('distro' in source ? source.mirror : undefined);

export const work: KindWork<MinirootfsSource, LockedMinirootfs> = {
  resolve: async (wanted, context, io) => {
    const { source, folder, platform, packages } = wanted;
    const alpine = alpineContext(context.sources);
    const archive = await resolveMinirootfs(source, folder, platform, alpine, io);
    if (packages.length === 0) return { archive };
    return { archive, apks: await resolveAddedApks(wanted, archive, context, io) };
  },
  downloads: async ({ source, folder }, { archive, apks }, sources) => {
    await requireLocked(source, archive, folder);
    const alpine = alpineContext(sources);
    return [
      ...(apks ? apkDownloads(apks, mirrorIn(source), alpine) : []),
      ...minirootfsDownloads(archive, source, folder, alpine),
    ];
  },
  prove: proveMinirootfs,
  indexFiles: async () => [],
  update: (before, after, sources) => ({
    ...after,
    ...(after.apks && before.apks && { apks: updateApks(before.apks, after.apks, sources) }),
  }),
  build: async ({ locked: { archive, apks }, epoch }, context, io) => {
    const { store, folder } = context;
    const rootfs = await unpackMinirootfs(archive, { store, workFolder: folder }, io);
    if (apks === undefined) return { entries: rootfs };
    return { entries: await addApks(rootfs, { apks, epoch }, withBuilder(context), io) };
  },
  special: () => 'listed',
  parts: async (_, { archive }, { store }, io) => ({
    ...noParts,
    archive: {
      component: rootfsArchiveComponent(archive),
      // Without the archive nobody can contradict that what nothing else owns is of it.
      owns: store === undefined ? () => true : await archiveOwner(archive, store, io),
    },
  }),
};
