import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import { packageRoot } from '../../base/package-root.ts';
import type { Distro } from '../../packages/distro.ts';
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

type Root = Omit<AskedRepository, 'keys'>;

/** The place of a distribution's repositories. */
interface Place {
  readonly distribution: RpmDistribution;
  readonly release: string;
  readonly arch: string;
  /** The mirror that somebody chose. */
  readonly named: string | undefined;
}

const noState = (message: string, hint: string) =>
  new MkbaseError({ code: 'USAGE', message, hint });

/**
 * Returns the roots of a distribution's repositories in a dated state: at a mirror, its folder of that name;
 * else that which the distribution keeps. Throws USAGE where it keeps none.
 */
function stateRoots(state: string, { distribution, release, arch, named }: Place): Root[] {
  const { title, states, repositories, signed } = distribution;
  if (named !== undefined) {
    return repositories.map(({ name, path }) => ({
      ...{ name, signed, url: below(named, `${state}/${path(release, arch)}`) },
    }));
  }
  if (states === undefined) {
    throw noState(
      `${title} keeps no dated states, and the recipe asks for "snapshot: ${state}" of it.`,
      `Name a mirror of your own that has a folder ${state} (mirror, or --mirror), ${distribution.archive ? 'ask for a point release, as 9.5, ' : ''}or leave "snapshot" out: a lock and a bundle of the inputs keep a state, too.`,
    );
  }
  if (!states.form.test(state)) {
    throw noState(
      `"snapshot: ${state}" is no state that ${title} keeps.`,
      `Expected one as ${states.example}; folders of other names need a mirror of your own (mirror, or --mirror).`,
    );
  }
  return repositories.map(({ name, folder = name }) => ({
    ...{ name, signed: states.signed, url: states.root(state, release, folder, arch) },
  }));
}

/** Returns the roots of a distribution's repositories as they are now. */
function currentRoots({ distribution, release, arch, named }: Place): Root[] {
  const { mirror, archive, signed, repositories } = distribution;
  return repositories.map(({ name, path, metalink }) => {
    const at = (root: string) => below(root, path(release, arch));
    const root = { name, signed, url: at(named ?? mirror) };
    // A mirror that somebody chose is asked alone, also where there is no way to the distribution's servers.
    if (named !== undefined) return root;
    return {
      ...root,
      ...(metalink && { metalink: metalink(release, arch) }),
      ...(archive && release.includes('.') && { archive: at(archive) }),
    };
  });
}

/** Returns the roots of all repositories of a recipe at the mirror of this run, without their keys. Throws USAGE. */
export function repositoryRoots(
  { source, platform }: Wanted<RpmSource>,
  { mirror }: Pick<RunSources, 'mirror'>,
): Root[] {
  const arch = rpmArch(platform.name);
  const added = source.repositories.map(({ name, url, signed }) => ({
    ...{ name, signed, url: mirrorUrl(url, 'The recipe', mirrorExample) },
  }));
  const { distro, release, snapshot } = source;
  if (distro === undefined || release === undefined) return added;
  const distribution: RpmDistribution = rpmDistributions[distro];
  const named = mirror
    ? mirrorUrl(mirror, '--mirror', mirrorExample)
    : source.mirror && mirrorUrl(source.mirror, 'The recipe', mirrorExample);
  const place = { distribution, release, arch, named };
  const own = snapshot === undefined ? currentRoots(place) : stateRoots(snapshot, place);
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

/** Returns the distribution and its release as locks and package URLs name them; undefined where a recipe names none. */
export function distroOf({ distro, release = '' }: RpmSource): Distro | undefined {
  if (distro === undefined) return undefined;
  const { id } = rpmDistributions[distro];
  return { id, release: `${id}-${release}` };
}
