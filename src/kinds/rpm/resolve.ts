import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { withoutCredentials } from '../../packages/mirror-url.ts';
import { didYouMean } from '../../packages/near-names.ts';
import { rpmArch } from '../../packages/rpm/arch.ts';
import { releaseOf, rpmDistributions } from '../../packages/rpm/distributions.ts';
import { type ChosenRpm, fetchRpms } from '../../packages/rpm/fetch/fetch-rpms.ts';
import { readListed } from '../../packages/rpm/fetch/listed-rpms.ts';
import { metadataDownload, requiredFile } from '../../packages/rpm/fetch/metadata-files.ts';
import {
  refuseSameLists,
  type SignedRepository,
  signedRepository,
} from '../../packages/rpm/fetch/signed-repository.ts';
import type { LockedRpms } from '../../packages/rpm/locked-rpms.ts';
import type { ListedRpm } from '../../packages/rpm/repository/primary.ts';
import { repomdName } from '../../packages/rpm/rpm-inputs.ts';
import type { RunSources } from '../../packages/sources.ts';
import type { ResolveContext, Wanted } from '../contract.ts';
import { askedRepositories, distroOf } from './asked.ts';
import { chooseRpms, chosenFrom, type NamedRpm } from './choose.ts';
import type { RpmSource } from './schema.ts';

async function openRepositories(
  wanted: Wanted<RpmSource>,
  sources: RunSources,
  io: Io,
): Promise<SignedRepository[]> {
  const { store, offline } = sources;
  const repositories: SignedRepository[] = [];
  for (const asked of await askedRepositories(wanted, sources)) {
    repositories.push(await signedRepository(asked, sources, io));
  }
  refuseSameLists(repositories);
  const downloads = repositories.flatMap(({ asked, repomd }) => {
    const what = repomdName(asked);
    requiredFile(repomd, 'primary', what);
    const files = chosenFrom.flatMap((type) => repomd.files.get(type) ?? []);
    return files.map((file) => metadataDownload(file, [asked.url], what));
  });
  await store.fetch(downloads, { offline }, io);
  return repositories;
}

const primaryOf = ({ repomd, asked }: SignedRepository) =>
  requiredFile(repomd, 'primary', repomdName(asked));

/** Refuses names that no package has, with near ones: PACKAGE_NOT_FOUND. */
async function refuseUnknown(
  missing: readonly string[],
  repositories: readonly SignedRepository[],
  { store }: RunSources,
  io: Io,
): Promise<never> {
  const names = new Set<string>();
  for (const each of repositories) {
    const add = ({ name }: ListedRpm) => names.add(name);
    await readListed(primaryOf(each), store, add, repomdName(each.asked), io);
  }
  const where = repositories
    .map(({ asked }) => `${asked.name} at ${withoutCredentials(asked.url)}`)
    .join(' and ');
  const [first = ''] = missing;
  throw new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `There is no package ${missing.join(', ')} in ${where}.${didYouMean(first, names)}`,
    hint: 'Correct the name under "packages"; a package of a module may need its stream ("modules").',
    about: missing,
  });
}

/**
 * Finds what dnf chose in the lists of its repository. Throws SOURCE_CORRUPT for a package that these do not
 * list.
 */
async function findChosen(
  chosen: readonly NamedRpm[],
  repositories: readonly SignedRepository[],
  { store }: RunSources,
  io: Io,
): Promise<ChosenRpm[]> {
  const names = repositories.map(({ asked }) => asked.name);
  const stray = chosen.find(({ repository }) => !names.includes(repository));
  if (stray !== undefined || chosen.length === 0) {
    throw new MkbaseError({
      code: 'BUILD_OUTPUT',
      message: `dnf's answer cannot be understood: ${stray === undefined ? 'it chose no package' : `it chose ${stray.name} of a repository ${JSON.stringify(stray.repository)}`}.`,
      hint: 'Run `mkbase gc --all`, which removes builders, and try again.',
    });
  }
  const found: ChosenRpm[] = [];
  const keyOf = (href: string, sha256: string) => `${sha256} ${href}`;
  for (const repository of repositories) {
    const { name } = repository.asked;
    const own = chosen.filter((each) => each.repository === name);
    const wanted = new Set(own.map(({ href, sha256 }) => keyOf(href, sha256)));
    if (wanted.size === 0) continue;
    const take = (listed: ListedRpm) => {
      if (!wanted.delete(keyOf(listed.href, listed.checksum.digest))) return;
      found.push({ listed, repository });
    };
    await readListed(primaryOf(repository), store, take, repomdName(repository.asked), io);
    const missing = own.find(({ href, sha256 }) => wanted.has(keyOf(href, sha256)));
    if (missing === undefined) continue;
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `dnf chose ${missing.name} (${missing.href}), which ${name} does not list.`,
      hint: 'Report it with the repository: its lists can be read in two ways.',
    });
  }
  return found;
}

const unique = (words: readonly string[]): string[] => [...new Set(words)].sort();

const distributionOf = ({ distro, release = '' }: RpmSource) =>
  distro && { ...rpmDistributions[distro], ...releaseOf(distro, release), release };

/**
 * Pins the packages of a root filesystem: chosen by dnf from lists that mkbase authenticated, each verified
 * by its own signature. Errors: SOURCE_*, PACKAGE_NOT_FOUND, PACKAGE_CONFLICT, ARCHIVE_REFUSED, OFFLINE, and
 * those of steps.
 */
export async function resolveRpms(
  asked: Wanted<RpmSource>,
  context: ResolveContext,
  io: Io,
): Promise<LockedRpms> {
  const { source, platform } = asked;
  const { sources } = context;
  const wanted = unique([...source.packages, ...asked.packages]);
  const repositories = await openRepositories(asked, sources, io);
  const distribution = distributionOf(source);
  const distro = distroOf(source);
  const arch = rpmArch(platform.name);
  const question = {
    ...{ repositories, wanted, arch, modules: source.modules, weak: source.weak },
    exclude: Object.keys(source.exclude),
    release: distribution?.release ?? '',
    platform: distribution?.platform ?? '',
  };
  const answer = await chooseRpms(question, context, io);
  if ('missing' in answer) return refuseUnknown(answer.missing, repositories, sources, io);
  const chosen = await findChosen(answer.chosen, repositories, sources, io);
  const packages = await fetchRpms(chosen, sources, io);
  const keyOf = (each: { name: string; architecture: string }) =>
    `${each.name} ${each.architecture}`;
  return {
    arch,
    ...(distro && { distro }),
    repositories: repositories.map(({ locked }) => locked),
    wanted,
    packages: [...packages].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    date: Math.max(...chosen.map(({ listed }) => listed.built)),
  };
}
