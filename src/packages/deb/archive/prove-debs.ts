import { isDeepStrictEqual } from 'node:util';
import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import type { Platform } from '../../../base/platform.ts';
import { asPinned } from '../../pinned-bytes.ts';
import {
  attempt,
  disagrees,
  joinProofs,
  LockContradicted,
  ProvenInput,
  requireSame,
  type SetProof,
  type Unproven,
  unproven,
} from '../../proof.ts';
import { lockedPackage } from '../choose/locked-package.ts';
import { foreignAmong } from '../choose/requested.ts';
import { candidateOf } from '../index/candidate.ts';
import { openIndex, type StanzaIndex } from '../index/packages-index.ts';
import { readable } from '../index/universe.ts';
import {
  indexOfDeb,
  type LockedDebs,
  type LockedIndex,
  type LockedPackage,
} from '../locked-debs.ts';
import type { DebianContext } from './debian-context.ts';
import { contextFor, type SourceSuite } from './extra-source.ts';
import { packagesPaths } from './index-blobs.ts';
import { pinnedRelease } from './pinned-release.ts';
import type { SignedRelease } from './signed-release.ts';

/** The suites that a recipe takes packages from, each with its components. */
export interface AskedSuites {
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Further sources, by the names that the lock has for their suites. */
  readonly sources?: readonly SourceSuite[];
}

/** Returns the components that are asked of a suite; undefined for one that is not asked for. */
function componentsOf(asked: AskedSuites, label: string): readonly string[] | undefined {
  if (asked.suites.includes(label)) return asked.components;
  return asked.sources?.find((each) => each.label === label)?.components;
}

/**
 * Tells whether a lock says of an index what the recipe asks for. An index that only older packages hang on
 * (`update` of a few) may have had fewer components.
 */
function isAsked(
  asked: AskedSuites,
  { suite, components }: LockedIndex,
  isNewest: boolean,
): boolean {
  const wanted = componentsOf(asked, suite);
  if (wanted === undefined) return false;
  if (isNewest) return isDeepStrictEqual(components, wanted);
  return components.every((each) => wanted.includes(each));
}

/** Throws SOURCE_UNTRUSTED for another suite or other components than the recipe asks for. */
function requireAsked(
  asked: AskedSuites,
  index: LockedIndex,
  indexes: readonly LockedIndex[],
): void {
  const { suite, components } = index;
  const isNewest = indexes.find((each) => each.suite === suite) === index;
  if (isAsked(asked, index, isNewest)) return;
  throw new LockContradicted(
    `The lock takes packages from ${suite} (${components.join(', ')}); the recipe asks for ${[...asked.suites, ...(asked.sources ?? []).map(({ label }) => label)].join(', ')} (${asked.components.join(', ')}).`,
  );
}

/** Opens an index out of the store if it is there in any form, else from where the release says. */
export async function openPinned(
  release: SignedRelease,
  path: string,
  context: DebianContext,
  io: Io,
): Promise<StanzaIndex> {
  try {
    return await openIndex(release, path, { ...context, offline: true }, io);
  } catch (error) {
    const isAbsent = error instanceof MkbaseError && error.code === 'OFFLINE';
    if (!isAbsent || context.offline) throw error;
    return asPinned(() => openIndex(release, path, context, io));
  }
}

/** Compares a locked package with the stanzas of its name. Throws SOURCE_UNTRUSTED where they differ. */
async function proveOne(
  locked: LockedPackage,
  indexes: readonly StanzaIndex[],
  { debian }: Platform,
): Promise<ProvenInput | Unproven> {
  const { name, version, architecture, suite, sha256 } = locked;
  const what = `${name} ${version} (${architecture}) in ${suite}`;
  for (const index of indexes) {
    for (const stanza of await readable(suite, () => index.find(name))) {
      const candidate = await readable(suite, async () => candidateOf(stanza, suite, debian));
      if (candidate.version !== version || candidate.architecture !== architecture) continue;
      const listed = await readable(suite, async () => lockedPackage(candidate));
      requireSame(what, locked, listed);
      return ProvenInput.seen(sha256, 'index');
    }
  }
  throw disagrees(`the sha256 of ${what}`, sha256, 'nothing: it lists no such package');
}

async function proveSuite(
  index: LockedIndex,
  packages: readonly LockedPackage[],
  platform: Platform,
  context: DebianContext,
  io: Io,
): Promise<SetProof> {
  const { release, signed } = await pinnedRelease(index, context, io);
  const name = `the package index of ${index.suite}`;
  const listed = await attempt({ sha256: index.inRelease, name }, packages, async () => {
    const open: StanzaIndex[] = [];
    try {
      const [own, all] = [[], foreignAmong(packages, platform.debian)].map((foreign) =>
        packagesPaths(platform, foreign)(index),
      );
      for (const path of all!) {
        if (!own!.includes(path) && !release.files.has(path)) continue;
        open.push(await openPinned(release, path, context, io));
      }
      const inputs: (ProvenInput | Unproven)[] = [];
      for (const each of packages) inputs.push(await proveOne(each, open, platform));
      return { signed: [], inputs, refusals: [] };
    } finally {
      await Promise.all(open.map((each) => each.close()));
    }
  });
  return { ...listed, signed: [signed] };
}

/**
 * Follows the chain of trust for locked packages: a key signed the Release file of a suite that the
 * recipe asks for, which names the hash of the index, which names each package with all its fields.
 */
export async function proveDebs(
  { indexes, packages }: LockedDebs,
  asked: AskedSuites,
  platform: Platform,
  context: DebianContext,
  io: Io,
): Promise<SetProof> {
  const parts: SetProof[] = [];
  for (const index of indexes) {
    const own = packages.filter((each) => indexOfDeb(each, indexes) === index);
    const file = { sha256: index.inRelease, name: `InRelease of ${index.suite}` };
    parts.push(
      await attempt(file, own, async () => {
        requireAsked(asked, index, indexes);
        const followed = contextFor(index.suite, asked.sources ?? [], context);
        return proveSuite(index, own, platform, followed, io);
      }),
    );
  }
  const stray = packages.filter((each) => indexOfDeb(each, indexes) === undefined);
  return joinProofs([...parts, unproven(stray, 'it is of no index of its lock')]);
}
