import { join } from 'node:path';
import { packageRoot } from '../../base/package-root.ts';
import { below, mirrorUrl } from '../../packages/mirror-url.ts';
import { readKeyFiles } from '../../packages/openpgp/keys.ts';
import { rpmArch } from '../../packages/rpm/arch.ts';
import {
  type RpmDistribution,
  type RpmDistributionName,
  releaseOf,
  rpmDistributions,
} from '../../packages/rpm/distributions.ts';
import type { AskedRepository } from '../../packages/rpm/fetch/asked-repository.ts';
import type { RunSources } from '../../packages/sources.ts';
import type { Wanted } from '../contract.ts';
import type { RpmSource } from './schema.ts';

const keyringFolder = join(packageRoot, 'src/packages/rpm/keyring');

const mirrorExample = rpmDistributions.centos.mirror;

/** Returns the roots of all repositories of a recipe at the mirror of this run, without their keys. */
export function repositoryRoots(
  { source, platform }: Wanted<RpmSource>,
  { mirror }: Pick<RunSources, 'mirror'>,
): Omit<AskedRepository, 'keys'>[] {
  const arch = rpmArch(platform.name);
  const added = source.repositories.map(({ name, url, signed }) => ({
    ...{ name, signed, url: mirrorUrl(url, 'The recipe', mirrorExample) },
  }));
  const { distro, release } = source;
  if (distro === undefined || release === undefined) return added;
  const distribution: RpmDistribution = rpmDistributions[distro];
  const named = mirror
    ? mirrorUrl(mirror, '--mirror', mirrorExample)
    : source.mirror && mirrorUrl(source.mirror, 'The recipe', mirrorExample);
  const { signed } = distribution;
  const own = distribution.repositories.map(({ name, path, metalink }) => ({
    ...{ name, signed, url: below(named ?? distribution.mirror, path(release, arch)) },
    // A mirror that somebody chose is asked alone, also where there is no way to the distribution's servers.
    ...(metalink && named === undefined && { metalink: metalink(release, arch) }),
  }));
  return [...own, ...added];
}

/** Returns the files of the keys that ship with mkbase for a release. */
export function shippedKeyFiles(distro: RpmDistributionName, release: string): string[] {
  const keys = releaseOf(distro, release)?.keys ?? [];
  return keys.map((file) => join(keyringFolder, distro, file));
}

/**
 * Returns all repositories of a recipe with the keys that are believed for each: the distribution's own sign
 * nothing of another repository. Errors: USAGE, IO, SOURCE_UNTRUSTED for a file without a key.
 */
export async function askedRepositories(
  wanted: Wanted<RpmSource>,
  sources: Pick<RunSources, 'mirror'>,
): Promise<AskedRepository[]> {
  const { source, folder } = wanted;
  const { distro, release, repositories, keys } = source;
  const beside = (files: readonly string[]) => files.map((file) => join(folder, file));
  const added = new Map(repositories.map(({ name, keys }) => [name, beside(keys)]));
  const own =
    distro === undefined || release === undefined
      ? []
      : [...shippedKeyFiles(distro, release), ...beside(keys)];
  return Promise.all(
    repositoryRoots(wanted, sources).map(async (root) => ({
      ...root,
      keys: await readKeyFiles(added.get(root.name) ?? own),
    })),
  );
}
