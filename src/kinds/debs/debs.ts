import type { Platform } from '../../base/platform.ts';
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

const isLibrary = (name: string): boolean => name.endsWith('-dev');

/**
 * Adds packages to a builder. In one for another platform, what is linked is of that platform, and what runs is
 * of the builder's own.
 */
function withTools(source: DebsSource, packages: readonly string[], target?: Platform): DebsSource {
  // No script of a package is run, so the links that its programs go by are made here.
  if (target === undefined) return { ...joined(source, packages), alternatives: true };
  const libraries = packages.filter(isLibrary).map((name) => `${name}:${target.debian}`);
  const tools = packages.filter((name) => !isLibrary(name));
  const data = [...new Set([...(source.data ?? []), ...libraries])];
  return { ...joined(source, tools), alternatives: true, ...(data.length > 0 && { data }) };
}

/** `from: { debs: … }`: a dependency-closed set of Debian packages, unpacked and never configured. */
export const debs: Kind<DebsSource, LockedDebs> = {
  name: 'debs',
  schema,
  paths: { 'keyrings.*': 'key', 'sources.*.keys.*': 'key' },
  builder: () => undefined,
  makesToolchains: true,
  withTools,
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
