import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import type { Platform } from '../../../base/platform.ts';
import { lockedPackage } from '../../../packages/deb/choose/locked-package.ts';
import {
  closeSuites,
  type OpenIndex,
  type OpenSuite,
} from '../../../packages/deb/choose/open-suite.ts';
import { pinsOf, requestedPackage } from '../../../packages/deb/choose/requested.ts';
import { lockedIndex } from '../../../packages/deb/choose/resolve.ts';
import { candidateOf } from '../../../packages/deb/index/candidate.ts';
import {
  type Pins,
  readable,
  type SuiteIndex,
  type Universe,
  universeOf,
} from '../../../packages/deb/index/universe.ts';
import type { LockedPackage } from '../../../packages/deb/locked-debs.ts';
import { didYouMean } from '../../../packages/near-names.ts';
import type { ResolveContext, Wanted } from '../../contract.ts';
import type { Archives } from '../../debs/deb-archives.ts';
import type { LockedDebootstrapRoot } from '../locked-debootstrap.ts';
import type { DebootstrapSource } from '../schema.ts';
import type { Choice } from './answer.ts';
import { baseSet, hasKnownRules, ownMirror } from './base-set.ts';
import { type Choosing, choose } from './choose.ts';
import { refuseExcluded, requireExcluded } from './excluded.ts';
import { areEqual } from './marked-suites.ts';
import { settle } from './settle.ts';
import { openSuites } from './suites.ts';

/** The packages of a root filesystem, pinned. */
interface Chosen {
  /** The distribution's own mirror. */
  readonly mirror: string;
  /** Names of the base set, and of what it depends on. */
  readonly base: readonly string[];
  readonly packages: readonly LockedPackage[];
}

/**
 * Pins the packages of a root filesystem that debootstrap makes, from indexes that were authenticated
 * before. Where nothing is left to choose no builder is asked; of what one answers only names and versions
 * are believed, where the indexes have these. Errors: RELEASE_NOT_FOUND, PACKAGE_NOT_FOUND,
 * PACKAGE_CONFLICT, SOURCE_*, OFFLINE, and those of steps.
 */
export async function resolveDebootstrap(
  wanted: Wanted<DebootstrapSource>,
  archives: Archives,
  context: ResolveContext,
  io: Io,
): Promise<LockedDebootstrapRoot> {
  const { source, packages, platform } = wanted;
  const suites = await openSuites(source, platform, archives, io);
  try {
    const indexes = suites.flatMap((suite) => suite.indexes);
    const universe = universeOf(indexes, platform.debian);
    await refuseExcluded(source, universe);
    const pins = pinsOf(
      packages,
      suites.map(({ label }) => label),
    );
    await refuseUnknown(packages, pins, universe, indexes);
    const chosen = await chosenFor({ source, packages, pins, platform, suites }, context, io);
    requireExcluded(source, chosen.packages);
    const base = [...chosen.base].sort();
    const ofPriority = (wanted: string) =>
      withPriority(wanted, base, suites[0]?.indexes ?? [], platform);
    return {
      debs: {
        indexes: suites.map((each) => lockedIndex(each.release, each.components, each.label)),
        packages: [...chosen.packages].sort(byName),
      },
      settings: {
        codename: suites[0]?.release.codename ?? source.suite,
        mirror: chosen.mirror,
        base,
        required: await ofPriority('required'),
        important: await ofPriority('important'),
        wanted: packages.map((word) => requestedPackage(word).name).sort(),
      },
    };
  } finally {
    await closeSuites(suites);
  }
}

/**
 * Chooses the packages: the base set by debootstrap's rules, the versions by the indexes alone where these leave
 * no choice; else debootstrap and apt choose, in the builder.
 */
async function chosenFor(choosing: Choosing, context: ResolveContext, io: Io): Promise<Chosen> {
  const { source, packages, pins, platform, suites } = choosing;
  const [{ release, indexes: own }] = suites as [OpenSuite, ...OpenSuite[]];
  const indexes = suites.flatMap((suite) => suite.indexes);
  const request = { source, codename: release.codename, indexes: own };
  const base = hasKnownRules(source) ? await baseSet(request) : undefined;
  if (base !== undefined && packages.length === 0 && areEqual(suites, pins)) {
    const settled = await settle(base, universeOf(indexes, platform.debian));
    if (settled !== undefined) {
      const locked = settled.map((each) => readable(each.suite, async () => lockedPackage(each)));
      const names = settled.map(({ name }) => name);
      return {
        mirror: ownMirror(source, platform),
        base: names,
        packages: await Promise.all(locked),
      };
    }
  }
  const answer = await choose({ ...choosing, base }, context, io);
  const find = (choice: Choice) => listed(choice, indexes[choice.index], platform);
  return {
    mirror: answer.mirror ?? ownMirror(source, platform),
    base: answer.base.map(({ name }) => name),
    packages: await Promise.all(answer.all.map(find)),
  };
}

const byName = (a: LockedPackage, b: LockedPackage) => (a.name < b.name ? -1 : 1);

/** Returns the chosen package as the signed index lists it. */
async function listed(
  { name, version, architecture }: Choice,
  from: OpenIndex | undefined,
  platform: Platform,
): Promise<LockedPackage> {
  const stanzas = from === undefined ? [] : await from.index.find(name);
  for (const stanza of stanzas) {
    const found = await readable(from!.suite, async () =>
      candidateOf(stanza, from!.suite, platform.debian),
    );
    if (found.version !== version || found.architecture !== architecture) continue;
    return readable(found.suite, async () => lockedPackage(found));
  }
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `The builder chose ${name} ${version} (${architecture}), which no signed index lists.`,
    hint: 'Run `mkbase gc --all`, which removes builders, and build again.',
  });
}

/** Returns the names to which the suite's own index gives a priority. */
async function withPriority(
  priority: string,
  names: readonly string[],
  indexes: readonly OpenIndex[],
  { debian }: Platform,
): Promise<string[]> {
  const universe = universeOf(indexes, debian);
  const found = await Promise.all(names.map((name) => universe.find(name)));
  return found.flatMap((each) => (each?.fields.get('priority') === priority ? [each.name] : []));
}

/**
 * Refuses packages that no index has, before apt is asked, which knows no near names. A name that
 * one package provides stands for that one; of several a recipe has to choose. Throws
 * PACKAGE_NOT_FOUND.
 */
async function refuseUnknown(
  packages: readonly string[],
  pins: Pins,
  universe: Universe,
  indexes: readonly SuiteIndex[],
): Promise<void> {
  for (const word of packages) {
    const { name, version } = requestedPackage(word);
    const pin = pins.get(name);
    if (pin !== undefined) await refuseUnlisted(name, pin, indexes);
    else if ((await universe.find(name)) === undefined) await refuseVirtual(name, universe);
    else if (version !== undefined) await refuseOtherVersion(name, version, indexes);
  }
}

/** Refuses a package that the suite it is asked from does not have. */
async function refuseUnlisted(
  name: string,
  suite: string,
  indexes: readonly SuiteIndex[],
): Promise<void> {
  const own = indexes.filter((each) => each.suite === suite);
  const stanzas = await Promise.all(own.map(({ index }) => index.find(name)));
  if (stanzas.flat().length > 0) return;
  throw new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `There is no package ${name} in ${suite}.`,
    hint: 'Check the spelling, and the components of that source in the recipe.',
    about: [name],
  });
}

async function refuseVirtual(name: string, universe: Universe): Promise<void> {
  const providers = (await universe.providers(name)).map((provider) => provider.name);
  if (providers.length === 1) return;
  if (providers.length > 1) {
    throw new MkbaseError({
      code: 'PACKAGE_NOT_FOUND',
      message: `${name} is a virtual package, which ${providers.length} packages provide.`,
      hint: `Name one of them in "packages": ${providers.slice(0, 8).join(', ')}.`,
      about: [name],
    });
  }
  throw new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `There is no package ${name} in the suite.${didYouMean(name, await universe.names())}`,
    hint: 'Check the spelling, the suite and the components in the recipe.',
    about: [name],
  });
}

async function refuseOtherVersion(
  name: string,
  version: string,
  indexes: readonly SuiteIndex[],
): Promise<void> {
  const stanzas = await Promise.all(indexes.map(({ index }) => index.find(name)));
  const versions = stanzas.flat().map((stanza) => stanza.get('version') ?? '');
  if (versions.includes(version)) return;
  throw new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `There is no version ${version} of ${name} in the suite; there is ${versions.join(', ')}.`,
    hint: 'Name one of these in "packages", or leave the version to the lock, which pins it, too.',
    about: [name],
  });
}
