import { supportOfSuite } from '../../packages/deb/archive/releases.ts';
import { platformsOfSuite } from '../../packages/deb/archive/suite-platforms.ts';
import { dateOf, debIndexes, debInputs, distroOfDebs } from '../../packages/deb/deb-inputs.ts';
import { type LockedDebs, lockedDebs } from '../../packages/deb/locked-debs.ts';
import { debPackage, wholeSuite } from '../../recipe/schema/fields.ts';
import type { Kind } from '../contract.ts';
import { type DebsSource, debs as schema } from './schema.ts';
import { starter } from './starter.ts';

const joined = (source: DebsSource, packages: readonly string[]): DebsSource => ({
  ...source,
  packages: [...new Set([...source.packages, ...packages])],
});

/** `from: { debs: … }`: a dependency-closed set of Debian packages, unpacked and never configured. */
export const debs: Kind<DebsSource, LockedDebs> = {
  name: 'debs',
  schema,
  paths: { 'keyrings.*': 'key', 'sources.*.keys.*': 'key' },
  builder: () => undefined,
  makesToolchains: true,
  // No script of a package is run, so the links that its programs go by are made here.
  withTools: (source, packages) => ({ ...joined(source, packages), alternatives: true }),
  packages: {
    form: () => debPackage,
    join: joined,
  },
  release: (source) => ({
    form: wholeSuite,
    current: source.suite,
    with: (suite) => ({ ...source, suite }),
  }),
  support: ({ suite }, now) => supportOfSuite(suite, 'debian', now),
  lockSchema: lockedDebs,
  inputs: debInputs,
  indexes: debIndexes,
  date: dateOf,
  distro: distroOfDebs,
  distribution: () => 'debian',
  platforms: ({ suite }) => platformsOfSuite(suite, 'debian'),
  starter,
  load: () => import('./work.ts').then(({ work }) => work),
};
