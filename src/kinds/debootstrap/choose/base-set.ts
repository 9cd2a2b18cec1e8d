import { distributions, knownSuites } from '../../../packages/deb/archive/distribution.ts';
import type { Paragraph } from '../../../packages/deb/index/paragraph.ts';
import { readable, type SuiteIndex } from '../../../packages/deb/index/universe.ts';
import type { DebootstrapSource } from '../schema.ts';

/** A suite's own indexes, and the recipe that asks for its base set. */
export interface BaseRequest {
  readonly source: DebootstrapSource;
  readonly codename: string;
  /** In the order of the components. */
  readonly indexes: readonly SuiteIndex[];
}

/** Suites that debootstrap knows by other names than their codenames. */
const aliases = ['stable', 'testing', 'oldstable', 'oldoldstable'];

/**
 * Tells whether debootstrap chooses a suite's base set by the rules below. A suite that is no release of
 * the distribution may have a script of its own among debootstrap's.
 */
export const hasKnownRules = ({ distro, suite }: DebootstrapSource): boolean =>
  [...knownSuites(distributions[distro]), ...aliases].includes(suite);

/** Codenames up to bookworm, which debootstrap's script debian-common treats differently. */
const early = /^(?:etch.*|lenny|squeeze|wheezy|jessie.*|stretch|buster|bullseye|bookworm)$/;

/** The packages that a base set begins with, before their dependencies. */
interface Seeds {
  readonly required: readonly string[];
  readonly base: readonly string[];
}

/** Chooses as work_out_debs of debootstrap 1.0.141 does, in scripts/debian-common and scripts/gutsy. */
async function seedsOf({ source, codename, indexes }: BaseRequest): Promise<Seeds> {
  const { distro, variant } = source;
  const having = async (line: string) => {
    const lists = indexes.map(({ suite, index }) => readable(suite, () => index.namesWith(line)));
    return (await Promise.all(lists)).flatMap((names) => [...names]);
  };
  const isLean = distro === 'debian' && variant === 'buildd' && !early.test(codename);
  // base-files wants a virtual awk before anything else, which debootstrap cannot resolve.
  const required = isLean
    ? ['mawk', ...(await having('Essential: yes'))]
    : await having('Priority: required');
  const merged = distro === 'debian' && codename === 'bookworm' ? ['usr-is-merged'] : [];
  const base = {
    standard: () => having('Priority: important'),
    buildd: async () => ['apt', 'build-essential'],
    minbase: async () => ['apt'],
  };
  return { required: [...required, ...merged], base: await base[variant]() };
}

/** Names that are left out of the dependencies: since bookworm nothing has to be merged into /usr. */
const prunedFor = ({ source: { distro }, codename }: BaseRequest): ReadonlySet<string> =>
  new Set(
    distro === 'debian' && (codename === 'bookworm' || !early.test(codename)) ? ['usrmerge'] : [],
  );

/** Returns the first alternative of each dependency, by its bare name: debootstrap knows no versions. */
const needsOf = (stanza: Paragraph): string[] =>
  ['pre-depends', 'depends'].flatMap((field) =>
    (stanza.get(field) ?? '')
      .split(',')
      .map((group) => group.replace(/[|(:].*/s, '').trim())
      .filter((name) => name !== ''),
  );

/** Adds to names all that they depend on, as far as there are packages of that name. */
async function withNeeds(
  names: readonly string[],
  indexes: readonly SuiteIndex[],
  pruned: ReadonlySet<string>,
): Promise<Set<string>> {
  const stanzasOf = async (name: string) => {
    const lists = indexes.map(({ suite, index }) => readable(suite, () => index.find(name)));
    return (await Promise.all(lists)).flat();
  };
  const all = new Set(names);
  for (const name of all) {
    for (const need of (await stanzasOf(name)).flatMap(needsOf)) {
      if (all.has(need) || pruned.has(need)) continue;
      if ((await stanzasOf(need)).length > 0) all.add(need);
    }
  }
  return all;
}

/**
 * Returns the names of a suite's base set, sorted: those that `debootstrap --print-debs` prints. What the recipe
 * excludes is no beginning of it, but may come along as a dependency. Throws SOURCE_CORRUPT.
 */
export async function baseSet(request: BaseRequest): Promise<string[]> {
  const { required, base } = await seedsOf(request);
  // Ubuntu's script adds usrmerge to what it prints, for another tool, and not to what it installs.
  const excluded = new Set(['usrmerge', ...Object.keys(request.source.exclude)]);
  const seeds = [...required, ...base].filter((name) => !excluded.has(name));
  return [...(await withNeeds(seeds, request.indexes, prunedFor(request)))].sort();
}
