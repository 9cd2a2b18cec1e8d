import { alpineDistro, apkIndexes, apkInputs } from '../../packages/apk/apk-inputs.ts';
import { apkDistribution } from '../../packages/apk/distribution.ts';
import { type LockedApks, lockedApks } from '../../packages/apk/locked-apks.ts';
import { supportOfAlpine } from '../../packages/apk/releases.ts';
import { rootfsPackage } from '../../recipe/schema/fields.ts';
import { type Kind, rootfsBuilder } from '../contract.ts';
import { type ApkSource, branchName, apk as schema } from './schema.ts';
import { starter } from './starter.ts';

/** `from: { apk: … }`: a root filesystem that `apk` itself makes out of a signed repository. */
export const apk: Kind<ApkSource, LockedApks> = {
  name: 'apk',
  schema,
  paths: { 'keys.*': 'key' },
  builder: () => rootfsBuilder,
  // Every compiler's toolchain has what its steps call.
  tools: [],
  packages: {
    form: () => rootfsPackage,
    join: (source, packages) => ({
      ...source,
      packages: [...new Set([...source.packages, ...packages])],
    }),
  },
  release: (source) =>
    source.branch === undefined
      ? undefined
      : {
          form: branchName,
          current: source.branch,
          with: (branch) => ({ ...source, branch }),
        },
  support: ({ branch }) => (branch === undefined ? undefined : supportOfAlpine(branch)),
  lockSchema: lockedApks,
  inputs: (locked) =>
    apkInputs(locked, { ...alpineDistro(), id: apkDistribution(locked.distro).id }),
  indexes: apkIndexes,
  date: ({ date }) => date,
  distribution: ({ distro }) => distro,
  platforms: ({ distro }) => apkDistribution(distro).platforms,
  starter,
  load: () => import('./work.ts').then(({ work }) => work),
};
