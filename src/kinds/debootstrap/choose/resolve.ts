import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import type { Platform } from '../../../base/platform.ts';
import { lockedPackage } from '../../../packages/deb/choose/locked-package.ts';
import {
  closeSuites,
  type OpenIndex,
  type OpenSuite,
} from '../../../packages/deb/choose/open-suite.ts';
import { foreignAmong, pinsOf, requestedPackage } from '../../../packages/deb/choose/requested.ts';
import { lockedIndex } from '../../../packages/deb/choose/resolve.ts';
import { candidateOf } from '../../../packages/deb/index/candidate.ts';
import { readable, universeOf } from '../../../packages/deb/index/universe.ts';
import type { LockedPackage } from '../../../packages/deb/locked-debs.ts';
import type { ResolveContext, Wanted } from '../../contract.ts';
import type { Archives } from '../../debs/deb-archives.ts';
import type { LockedDebootstrapRoot } from '../locked-debootstrap.ts';
import type { DebootstrapSource } from '../schema.ts';
import type { Choice } from './answer.ts';
import { baseSet, hasKnownRules } from './base-set.ts';
import { type Choosing, choose } from './choose.ts';
import { refuseExcluded, requireExcluded } from './excluded.ts';
import { areEqual } from './marked-suites.ts';
import { ownMirror } from './own-mirror.ts';
import { refuseUnknown } from './refuse-unknown.ts';
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
  const foreign = foreignAmong(packages.map(requestedPackage), platform.debian);
  const suites = await openSuites(source, platform, archives, io, foreign);
  try {
    const indexes = suites.flatMap((suite) => suite.indexes);
    const universe = universeOf(ofArchitecture(platform.debian, indexes), platform.debian);
    await refuseExcluded(source, universe);
    const pins = pinsOf(
      packages,
      suites.map(({ label }) => label),
    );
    for (const architecture of [platform.debian, ...foreign]) {
      const words = packages.filter(
        (word) => (requestedPackage(word).architecture ?? platform.debian) === architecture,
      );
      const listing = ofArchitecture(architecture, indexes);
      await refuseUnknown(words, pins, universeOf(listing, architecture), listing);
    }
    const chosen = await chosenFor({ source, packages, pins, platform, suites }, context, io);
    requireExcluded(source, chosen.packages);
    const base = [...chosen.base].sort();
    const ofPriority = (wanted: string) =>
      withPriority(
        wanted,
        base,
        ofArchitecture(platform.debian, suites[0]?.indexes ?? []),
        platform,
      );
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
        wanted: packages.map(nameFor(platform)).sort(),
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
  const [{ release, indexes: all }] = suites as [OpenSuite, ...OpenSuite[]];
  const own = ofArchitecture(platform.debian, all);
  const indexes = suites.flatMap((suite) => suite.indexes);
  const request = { source, codename: release.codename, indexes: own };
  const base = hasKnownRules(source) ? await baseSet(request) : undefined;
  if (base !== undefined && packages.length === 0 && areEqual(suites, pins)) {
    const settled = await settle(base, universeOf(indexes, platform.debian));
    if (settled !== undefined) {
      const locked = settled.map((each) => readable(each.suite, async () => lockedPackage(each)));
      const names = settled.map(({ name }) => name);
      return {
        mirror: await ownMirror(source, platform, context, io),
        base: names,
        packages: await Promise.all(locked),
      };
    }
  }
  const answer = await choose({ ...choosing, base }, context, io);
  const find = (choice: Choice) => listed(choice, indexes[choice.index], platform);
  return {
    mirror: answer.mirror ?? (await ownMirror(source, platform, context, io)),
    base: answer.base.map(({ name }) => name),
    packages: await Promise.all(answer.all.map(find)),
  };
}

const byName = (a: LockedPackage, b: LockedPackage) =>
  a.name === b.name ? (a.architecture < b.architecture ? -1 : 1) : a.name < b.name ? -1 : 1;

const ofArchitecture = (architecture: string, indexes: readonly OpenIndex[]): OpenIndex[] =>
  indexes.filter((each) => each.architecture === architecture);

/** Returns the name that a word asks for, with its architecture where that is a foreign one. */
const nameFor =
  ({ debian }: Platform) =>
  (word: string): string => {
    const { name, architecture = debian } = requestedPackage(word);
    return architecture === debian ? name : `${name}:${architecture}`;
  };

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
