import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { apkClosure } from '../../packages/apk/apk-closure.ts';
import { alpineArch } from '../../packages/apk/arch.ts';
import { apkDistribution } from '../../packages/apk/distribution.ts';
import { fetchApks } from '../../packages/apk/fetch-apks.ts';
import { checkNames, findChosen } from '../../packages/apk/find-apks.ts';
import { installedApks } from '../../packages/apk/installed-apks.ts';
import { type ApkKeys, recipeKeys, rootfsKeys, shippedKeys } from '../../packages/apk/keys.ts';
import type { ListedApk } from '../../packages/apk/listed-apk.ts';
import type { LockedApk, LockedApks } from '../../packages/apk/locked-apks.ts';
import { type AlpineContext, alpineContext, alpineMirror } from '../../packages/apk/mirror.ts';
import { rootfsRepositories } from '../../packages/apk/repositories.ts';
import { type SignedApkIndex, signedApkIndex } from '../../packages/apk/signed-index.ts';
import { unpackApks } from '../../packages/apk/unpack-apks.ts';
import type { ResolveContext, Wanted } from '../contract.ts';
import type { LockedRootfs } from '../minirootfs/locked-rootfs.ts';
import type { MinirootfsSource } from '../minirootfs/schema.ts';
import { unpackMinirootfs } from '../minirootfs/unpack.ts';
import { chooseApks } from './choose.ts';
import type { ApkSource } from './schema.ts';

/** The mirror, architecture and repositories in which packages are looked for. */
interface Place {
  readonly mirror: string;
  readonly arch: string;
  readonly repositories: readonly string[];
}

/** Opens indexes one after the other, so that memory holds only one large one while it is unpacked. */
async function openIndexes(
  { mirror, arch, repositories }: Place,
  keys: ApkKeys,
  context: AlpineContext,
  io: Io,
): Promise<SignedApkIndex[]> {
  const indexes: SignedApkIndex[] = [];
  for (const repository of repositories) {
    indexes.push(await signedApkIndex({ mirror, repository, arch }, keys, context, io));
  }
  return indexes;
}

/** Runs `work` in a folder and removes it afterwards: the build itself uses the same names. */
async function withFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(parent, 'lock-apks');
  await mkdir(folder).catch((error: unknown) => {
    throw ioError(error, 'making', folder);
  });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const byName = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (a.name < b.name ? -1 : 1));

const unique = (words: readonly string[]): string[] => [...new Set(words)].sort();

interface Choice {
  readonly arch: string;
  readonly indexes: readonly SignedApkIndex[];
  readonly wanted: readonly string[];
  readonly listed: readonly ListedApk[];
  readonly packages: readonly LockedApk[];
}

const lockedApks = ({ arch, indexes, wanted, listed, packages }: Choice): LockedApks => ({
  arch,
  indexes: indexes.map(({ locked }) => locked),
  wanted,
  packages: byName(packages),
  date: Math.max(0, ...listed.map(({ built }) => built)),
});

/**
 * Pins packages that are added to a minirootfs, which is in the store: chosen by its own apk from
 * indexes that keys in it have signed. Errors: SOURCE_*, PACKAGE_NOT_FOUND, PACKAGE_CONFLICT,
 * ARCHIVE_REFUSED, OFFLINE, and those of steps.
 */
export async function resolveAddedApks(
  wanted: Wanted<MinirootfsSource>,
  rootfs: LockedRootfs,
  context: ResolveContext,
  io: Io,
): Promise<LockedApks> {
  const { source, platform } = wanted;
  const alpine = alpineContext(context.sources);
  const packages = unique(wanted.packages);
  const own = 'mirror' in source ? { mirror: source.mirror } : {};
  const mirror = alpineMirror(own, alpine);
  return withFolder(context.folder, async (workFolder) => {
    // Warnings about the archive are emitted by the build.
    const quiet = { ...io, emit: () => {} };
    const tree = await unpackMinirootfs(rootfs, { store: alpine.store, workFolder }, quiet);
    const repositories = await rootfsRepositories(tree, rootfs.name);
    const keys = await rootfsKeys(tree, rootfs.name);
    const arch = alpineArch(platform.name);
    const indexes = await openIndexes({ mirror, arch, repositories }, keys, alpine, io);
    const installed = await installedApks(tree);
    checkNames(packages, new Set(installed.map(({ name }) => name)), indexes);
    const chosen = await chooseApks({ tree, indexes, wanted: packages }, context, io);
    const listed = findChosen(chosen, indexes);
    const fetched = await fetchApks(listed, mirror, alpine, io);
    return lockedApks({ arch, indexes, wanted: packages, listed, packages: fetched });
  });
}

/** Returns the architecture and repositories that a recipe names, and the keys that it believes. */
export async function placeOf({ source, folder, platform }: Wanted<ApkSource>) {
  const { distro, branch = '' } = source;
  const arch = alpineArch(platform.name);
  const { repositories, branches, keysShip } = apkDistribution(distro);
  const below = /^\d/.test(branch) ? `v${branch}/` : `${branch}/`;
  const files = source.keys.map((path) => join(folder, path));
  return {
    arch,
    distribution: distro,
    repositories: (source.repositories ?? repositories).map((name) =>
      branches ? `${below}${name}` : name,
    ),
    keys: keysShip ? await shippedKeys(arch, files) : await recipeKeys(arch, files),
  };
}

/**
 * Pins the packages of a root filesystem that apk makes from nothing. apk itself is taken from the same
 * repositories; only which packages it needs to run is mkbase's own choice. Errors: as resolveAddedApks.
 */
export async function resolveApkRoot(
  asked: Wanted<ApkSource>,
  context: ResolveContext,
  io: Io,
): Promise<LockedApks> {
  const { source } = asked;
  const distribution = apkDistribution(source.distro);
  const alpine = alpineContext(context.sources, distribution);
  const { store } = alpine;
  const wanted = unique(source.packages);
  const mirror = alpineMirror(source, alpine);
  const { arch, repositories, keys } = await placeOf(asked);
  const indexes = await openIndexes({ mirror, arch, repositories }, keys, alpine, io);
  checkNames(wanted, new Set(), indexes);
  const tools = await fetchApks(apkClosure('apk-tools', indexes), mirror, alpine, io);
  return withFolder(context.folder, async (workFolder) => {
    const tree = await unpackApks(tools, { store, workFolder }, io);
    const chosen = await chooseApks({ tree, fromNothing: { keys }, indexes, wanted }, context, io);
    const listed = findChosen(chosen, indexes);
    const packages = await fetchApks(listed, mirror, alpine, io);
    const { id } = distribution;
    const locked = { ...lockedApks({ arch, indexes, wanted, listed, packages }), tools };
    return id === 'alpine' ? locked : { distro: id, ...locked };
  });
}
