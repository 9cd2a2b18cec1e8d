import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { newestOf } from '../../packages/alpm/alpm-inputs.ts';
import { type AlpmPlace, fetchAlpm } from '../../packages/alpm/fetch-alpm.ts';
import type { LockedAlpms } from '../../packages/alpm/locked-alpm.ts';
import { archMirror, archOf, repositoryPath } from '../../packages/alpm/mirror.ts';
import {
  maxDatabaseBytes,
  readSyncDatabase,
  type SyncDatabase,
} from '../../packages/alpm/sync-database.ts';
import { alpmTrust } from '../../packages/alpm/trust.ts';
import { below, withoutCredentials } from '../../packages/mirror-url.ts';
import { didYouMean } from '../../packages/near-names.ts';
import type { RunSources } from '../../packages/sources.ts';
import type { ResolveContext, Wanted } from '../contract.ts';
import { choosePackages } from './choose.ts';
import type { PacmanSource } from './schema.ts';

/** Returns the place of a recipe's packages, and the packagers that count for it. */
export async function placeOf(
  { source, folder, platform }: Wanted<PacmanSource>,
  sources: RunSources,
): Promise<AlpmPlace> {
  const { snapshot, mirror, keys, masters } = source;
  const files = keys.map((path) => join(folder, path));
  return {
    snapshot,
    arch: archOf(platform.name),
    mirror: archMirror(mirror, sources),
    web: await alpmTrust({ keys: files, masters }),
  };
}

async function fetchDatabase(
  repository: string,
  { snapshot, arch, mirror }: AlpmPlace,
  { store, offline }: RunSources,
  io: Io,
): Promise<SyncDatabase> {
  const url = below(mirror, `${repositoryPath(snapshot, repository, arch)}/${repository}.db`);
  const what = withoutCredentials(url);
  if (offline && !url.startsWith('file:')) {
    throw new MkbaseError({
      code: 'OFFLINE',
      message: `${what} is needed to choose packages, and --offline forbids fetching it.`,
      hint: 'Build with the lock of an earlier run, or run once without --offline.',
    });
  }
  const bytes = await store.fetchBytes(url, { maxBytes: maxDatabaseBytes }, io);
  return readSyncDatabase(bytes, repository, what);
}

/** Refuses names that no package has or provides, with near ones. Throws PACKAGE_NOT_FOUND. */
function checkNames(
  wanted: readonly string[],
  databases: readonly SyncDatabase[],
  { snapshot }: AlpmPlace,
): void {
  for (const name of wanted) {
    if (databases.some(({ names }) => names.has(name))) continue;
    const where = databases.map(({ repository }) => repository).join(' and ');
    const all = databases.flatMap(({ names }) => [...names]);
    throw new MkbaseError({
      code: 'PACKAGE_NOT_FOUND',
      message: `There is no package ${name} in ${where} of ${snapshot}.${didYouMean(name, all)}`,
      hint: 'Correct the name under "packages", or name under "repositories" the one that has it.',
      about: [name],
    });
  }
}

const byName = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (a.name < b.name ? -1 : 1));

/**
 * Pins the packages that pacman proposes, each by its packager's signature. Errors: SOURCE_*,
 * PACKAGE_NOT_FOUND, PACKAGE_CONFLICT, ARCHIVE_REFUSED, OFFLINE, and those of steps.
 */
export async function resolvePacman(
  asked: Wanted<PacmanSource>,
  { sources, runInBuilder }: ResolveContext,
  io: Io,
): Promise<LockedAlpms> {
  const place = await placeOf(asked, sources);
  const wanted = [...new Set(asked.source.packages)].sort();
  const databases: SyncDatabase[] = [];
  for (const repository of new Set(asked.source.repositories)) {
    databases.push(await fetchDatabase(repository, place, sources, io));
  }
  checkNames(wanted, databases, place);
  const { arch, snapshot, mirror } = place;
  const proposed = await choosePackages({ databases, wanted, arch }, runInBuilder, io);
  const packages = byName(await fetchAlpm(proposed, place, sources, io));
  const date = newestOf(packages);
  return { arch, snapshot, mirror: withoutCredentials(mirror), wanted, packages, date };
}
