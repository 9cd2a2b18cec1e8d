import { rpmDistributionPlatforms } from '../../packages/rpm/arch.ts';
import { rpmDistributions, supportOfRpm } from '../../packages/rpm/distributions.ts';
import { type LockedRpms, lockedRpms } from '../../packages/rpm/locked-rpms.ts';
import { rpmIndexes, rpmInputs } from '../../packages/rpm/rpm-inputs.ts';
import type { Kind } from '../contract.ts';
import { type RpmSource, releaseName, rpmPackage, rpm as schema } from './schema.ts';
import { starter } from './starter.ts';

/** `from: { rpm: … }`: a root filesystem out of packages of rpm, chosen by dnf. */
export const rpm: Kind<RpmSource, LockedRpms> = {
  name: 'rpm',
  schema,
  paths: { 'keys.*': 'key', 'repositories.*.keys.*': 'key' },
  builder: () => 'dnf',
  // As in the toolchain of that name.
  tools: ['dnf', 'rpm', 'systemd-standalone-sysusers', 'tar', 'coreutils', 'dash'],
  packages: {
    form: () => rpmPackage,
    join: (source, packages) => ({
      ...source,
      packages: [...new Set([...source.packages, ...packages])],
    }),
  },
  release: (source) =>
    source.distro === undefined || source.release === undefined
      ? undefined
      : {
          form: releaseName,
          current: source.release,
          with: (release) => ({ ...source, release }),
        },
  support: ({ distro, release }) =>
    distro === undefined || release === undefined ? undefined : supportOfRpm(distro, release),
  // What is left out of packages as they are installed does not change which there are.
  choosing: ({ docs: _, languages: __, ...source }) => source,
  lockSchema: lockedRpms,
  inputs: (locked) => rpmInputs(locked),
  indexes: rpmIndexes,
  date: ({ date }) => date,
  distro: ({ distro }) => distro,
  platforms: ({ distro }) => (distro === undefined ? undefined : rpmDistributionPlatforms),
  distribution: ({ distro }) => (distro === undefined ? undefined : rpmDistributions[distro].id),
  starter,
  load: () => import('./work.ts').then(({ work }) => work),
};
