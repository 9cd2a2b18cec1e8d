import { digestOf } from '../../base/canonical-json.ts';
import { alpineDistro, apkIndexes, apkInputs } from '../../packages/apk/apk-inputs.ts';
import { alpine } from '../../packages/apk/distribution.ts';
import { supportOfAlpine } from '../../packages/apk/releases.ts';
import { withSource } from '../../recipe/kind.ts';
import { rootfsPackage } from '../../recipe/schema/fields.ts';
import { type Kind, rootfsBuilder } from '../contract.ts';
import {
  archiveInput,
  archiveSignature,
  type LockedMinirootfs,
  lockedMinirootfs,
} from './locked-rootfs.ts';
import { type MinirootfsSource, releaseName, minirootfs as schema } from './schema.ts';
import { starter } from './starter.ts';

/** `from: { minirootfs: … }`: a root filesystem that somebody publishes as an archive. */
export const minirootfs: Kind<MinirootfsSource, LockedMinirootfs> = {
  name: 'minirootfs',
  schema,
  paths: { 'signature.key': 'key', file: 'file' },
  builder: (_, packages) => (packages.length > 0 ? rootfsBuilder : undefined),
  // Every compiler's toolchain has what its steps call.
  tools: [],
  packages: {
    form: () => rootfsPackage,
    problem: (source) =>
      'distro' in source
        ? undefined
        : {
            message: 'packages cannot be added to an archive by URL or beside the recipe',
            hint: 'mkbase knows the package indexes of a "distro" only; name that instead',
          },
  },
  release: (source) =>
    'distro' in source
      ? {
          form: releaseName,
          current: source.release,
          with: (release) => ({ ...source, release }),
          pinned: source.sha512 === undefined ? undefined : 'sha512',
        }
      : undefined,
  support: (source) => ('distro' in source ? supportOfAlpine(source.release) : undefined),
  pinnedSupport: ({ archive: { release } }) => release && supportOfAlpine(release.version),
  epochProblem: (source) =>
    'distro' in source ? undefined : 'an archive of no distribution states no date',
  lockSchema: lockedMinirootfs,
  fits: (_, { apks }, packages) => (apks !== undefined) === packages.length > 0,
  // The archive is pinned apart from the packages that are added to it, which apk installs afterwards.
  tellsBase: (source, { from, packages }) =>
    packages.length === 0 && digestOf(withSource(from, source)) === digestOf(from),
  lockedBase: ({ archive }, { from }) => withSource(from, { archive }),
  inputs: ({ archive, apks }) => [
    archiveInput(archive),
    ...(apks ? apkInputs(apks, alpineDistro(archive.release?.version)) : []),
  ],
  indexes: ({ archive, apks }) => [...archiveSignature(archive), ...(apks ? apkIndexes(apks) : [])],
  date: ({ archive, apks }) => archive.release?.date ?? apks?.date,
  distribution: () => 'alpine',
  platforms: (source) => ('distro' in source ? alpine.platforms : undefined),
  starter,
  load: () => import('./work.ts').then(({ work }) => work),
};
