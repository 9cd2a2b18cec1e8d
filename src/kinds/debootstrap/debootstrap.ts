import { supportOfSuite } from '../../packages/deb/archive/releases.ts';
import { platformsOfSuite } from '../../packages/deb/archive/suite-platforms.ts';
import { dateOf, debIndexes, debInputs, distroOfDebs } from '../../packages/deb/deb-inputs.ts';
import { aptPackage, wholeSuite } from '../../recipe/schema/fields.ts';
import type { Kind } from '../contract.ts';
import { type LockedDebootstrapRoot, lockedDebootstrapRoot } from './locked-debootstrap.ts';
import { makers } from './makers.ts';
import { type DebootstrapSource, debootstrap as schema } from './schema.ts';
import { starter } from './starter.ts';

/** `from: { debootstrap: … }`: Debian, Ubuntu and their relatives, as debootstrap makes it. */
export const debootstrap: Kind<DebootstrapSource, LockedDebootstrapRoot> = {
  name: 'debootstrap',
  schema,
  paths: { 'keyrings.*': 'key', 'sources.*.keys.*': 'key' },
  builder: () => 'debootstrap',
  // As in the toolchain of that name.
  tools: ['debootstrap', 'apt', 'dpkg', 'perl-base', 'mount'],
  packages: { form: () => aptPackage },
  makers,
  release: (source) => ({
    form: wholeSuite,
    current: source.suite,
    with: (suite) => ({ ...source, suite }),
  }),
  support: ({ suite, distro }, now) => supportOfSuite(suite, distro, now),
  // Answers change what packages do when they are configured, and not which there are.
  choosing: ({ debconf: _, ...source }) => source,
  lockSchema: lockedDebootstrapRoot,
  inputs: ({ debs }) => debInputs(debs),
  indexes: ({ debs }) => debIndexes(debs),
  date: ({ debs }) => dateOf(debs),
  distro: ({ debs }) => distroOfDebs(debs),
  distribution: ({ distro }) => distro,
  platforms: ({ suite, distro }) => platformsOfSuite(suite, distro),
  starter,
  load: () => import('./work.ts').then(({ work }) => work),
};
