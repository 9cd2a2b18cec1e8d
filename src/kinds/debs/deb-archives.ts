import { join } from 'node:path';
import { type DebianContext, debianContext } from '../../packages/deb/archive/debian-context.ts';
import type { DistributionName } from '../../packages/deb/archive/distribution.ts';
import {
  type ExtraSource,
  type SourceSuite,
  sourceSuites,
} from '../../packages/deb/archive/extra-source.ts';
import { indexBlobs, packagesPaths } from '../../packages/deb/archive/index-blobs.ts';
import { proveDebs } from '../../packages/deb/archive/prove-debs.ts';
import { foreignAmong } from '../../packages/deb/choose/requested.ts';
import { debDownloads } from '../../packages/deb/choose/resolve.ts';
import type { LockedDebs } from '../../packages/deb/locked-debs.ts';
import type { RunSources } from '../../packages/sources.ts';
import type { KindWork, Wanted } from '../contract.ts';

/** The archives that a recipe takes packages from. */
export interface Archives {
  /** The distribution's own. */
  readonly own: DebianContext;
  /** Further suites. */
  readonly sources: readonly SourceSuite[];
}

/** The fields of a recipe that name archives of Debian's packages. */
interface ArchiveFields {
  /** Debian where a kind knows no other. */
  readonly distro?: DistributionName;
  readonly mirror?: string | undefined;
  readonly keyrings: readonly string[];
  readonly ended?: 'accept' | undefined;
  readonly components: readonly string[];
  readonly sources: readonly ExtraSource[];
}

/** The places of the suites in a kind's recipe, and of the packages in its lock. */
interface Places<S, L> {
  /** Names the suites of the distribution's own archive. */
  suites(source: S): readonly string[];
  debs(locked: L): LockedDebs;
}

/** Returns the half of a kind's work that follows packages to the archives that its recipe names. */
export function debArchives<S extends ArchiveFields, L>({ suites, debs }: Places<S, L>) {
  const archives = async (
    { source, folder, platform }: Wanted<S>,
    run: RunSources,
  ): Promise<Archives> => {
    const { distro, mirror, ended } = source;
    const keyrings = source.keyrings.map((path) => join(folder, path));
    const distribution = distro && { distribution: distro };
    const own = await debianContext({ ...distribution, keyrings, mirror, ended }, platform, run);
    return { own, sources: sourceSuites(source.sources, folder, own) };
  };
  const followed: Pick<KindWork<S, L>, 'downloads' | 'prove' | 'indexFiles'> = {
    downloads: async (wanted, locked, run) => {
      const { own, sources } = await archives(wanted, run);
      return debDownloads(debs(locked), own, sources);
    },
    prove: async (wanted, locked, run, io) => {
      const { own, sources } = await archives(wanted, run);
      const { source, platform } = wanted;
      const asked = { suites: suites(source), components: source.components, sources };
      return proveDebs(debs(locked), asked, platform, own, io);
    },
    indexFiles: async (wanted, locked, run, io) => {
      const { own, sources } = await archives(wanted, run);
      const { indexes, packages } = debs(locked);
      const foreign = foreignAmong(packages, wanted.platform.debian);
      return indexBlobs(indexes, packagesPaths(wanted.platform, foreign), own, io, sources);
    },
  };
  return { archives, ...followed };
}
