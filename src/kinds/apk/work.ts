import { apkDownloads } from '../../packages/apk/apk-downloads.ts';
import { updateApks } from '../../packages/apk/apk-inputs.ts';
import { apkDistribution } from '../../packages/apk/distribution.ts';
import { foreignKeys } from '../../packages/apk/keys.ts';
import type { LockedApks } from '../../packages/apk/locked-apks.ts';
import { alpineContext } from '../../packages/apk/mirror.ts';
import { type AskedRepositories, proveApks } from '../../packages/apk/prove-apks.ts';
import { withBuilder } from '../../steps/builder.ts';
import { type KindWork, noParts, type Wanted } from '../contract.ts';
import { buildApkRoot } from './install.ts';
import { placeOf, resolveApkRoot } from './resolve.ts';
import type { ApkSource } from './schema.ts';

async function askedRepositories(wanted: Wanted<ApkSource>): Promise<AskedRepositories> {
  const place = await placeOf(wanted);
  const foreign = await foreignKeys(place.keys, place.arch);
  return { ...place, foreign, mirror: wanted.source.mirror };
}

export const work: KindWork<ApkSource, LockedApks> = {
  resolve: resolveApkRoot,
  downloads: async (wanted, locked, sources) =>
    apkDownloads(
      locked,
      wanted.source.mirror,
      alpineContext(sources, apkDistribution(wanted.source.distro)),
    ),
  prove: async (wanted, locked, sources, io) => {
    const asked = await askedRepositories(wanted);
    return proveApks(
      locked,
      asked,
      alpineContext(sources, apkDistribution(wanted.source.distro)),
      io,
    );
  },
  // Every index is an input of the lock itself.
  indexFiles: async () => [],
  update: updateApks,
  build: async ({ locked, epoch }, context, io) => ({
    entries: await buildApkRoot(locked, epoch, withBuilder(context), io),
  }),
  special: () => 'listed',
  parts: async () => ({ ...noParts, madeByBuild: true }),
};
