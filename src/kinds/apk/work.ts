import { apkDownloads } from '../../packages/apk/apk-downloads.ts';
import { updateApks } from '../../packages/apk/apk-inputs.ts';
import type { LockedApks } from '../../packages/apk/locked-apks.ts';
import { alpineContext } from '../../packages/apk/mirror.ts';
import { withBuilder } from '../../steps/builder.ts';
import { type KindWork, noParts } from '../contract.ts';
import { buildApkRoot } from './install.ts';
import { resolveApkRoot } from './resolve.ts';
import type { ApkSource } from './schema.ts';

export const work: KindWork<ApkSource, LockedApks> = {
  resolve: resolveApkRoot,
  downloads: async ({ source }, locked, sources) =>
    apkDownloads(locked, source.mirror, alpineContext(sources)),
  // The index that was signed states another checksum than the lock does.
  isProven: async () => false,
  indexFiles: async () => [],
  update: updateApks,
  build: async ({ locked, epoch }, context, io) => ({
    entries: await buildApkRoot(locked, epoch, withBuilder(context), io),
  }),
  special: () => 'listed',
  parts: async () => ({ ...noParts, madeByBuild: true }),
};
