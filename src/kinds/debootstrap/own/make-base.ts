import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../../../base/events.ts';
import type { LockedPackage } from '../../../packages/deb/locked-debs.ts';
import type { UnpackedDeb } from '../../../packages/deb/unpack/unpack-deb.ts';
import type { StepContext } from '../../../steps/builder.ts';
import { below, type TreeWork, treeStep } from '../../../steps/tree-step.ts';
import { describedTree, type MadeTree, once } from '../../../steps/work.ts';
import type { Entry } from '../../../tar/entry.ts';
import { rootFile, rootLink } from '../../../tar/root-entry.ts';
import { scriptEnvironment } from '../debootstrap-shell.ts';
import { type MirrorInput, ofBase, priorityOf } from '../mirror.ts';
import { traces } from '../traces.ts';
import { awkLink, configureScript, controlsFolder, lentAwk } from './configure-script.ts';
import { databaseEntries, infoName, withConffilesAside } from './dpkg-database.ts';
import {
  hasOwnBin,
  joinPackages,
  type UnpackedBase,
  unpackEach,
  unpackTop,
} from './unpack-base.ts';

/** The packages of a base set. */
export interface BaseToMake {
  readonly input: MirrorInput;
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** Returns the files that debootstrap writes itself, where no package brings them. */
const filesBesides = (epoch: number): Entry[] => [
  rootFile('etc/fstab', '# UNCONFIGURED FSTAB FOR BASE SYSTEM\n', epoch),
  rootLink('etc/localtime', '/usr/share/zoneinfo/UTC', epoch),
  rootLink(awkLink.path, awkLink.target, epoch),
];

const hasPreinst = ({ members }: UnpackedDeb): boolean =>
  members.some(({ path }) => path === 'preinst');

const byPath = (a: Entry, b: Entry) => (a.path < b.path ? -1 : 1);

/** The trees that a step configures a base set from. */
interface BaseTrees {
  readonly rootfs: readonly Entry[];
  readonly beside: readonly Entry[];
}

/** Lays out what is unpacked of a base set, with dpkg's database and what the script needs beside it. */
function treesOf(base: UnpackedBase, { input, epoch }: BaseToMake): BaseTrees {
  const besides = filesBesides(epoch).filter(({ path }) => !base.tree.has(path));
  const priority = ({ locked, fields }: UnpackedDeb) =>
    priorityOf(locked, fields.get('priority') ?? '', input.debootstrap);
  const rootfs = [
    ...withConffilesAside(base),
    ...databaseEntries(base, priority, epoch),
    ...besides,
  ];
  const lendsAwk = besides.some(({ path }) => path === awkLink.path);
  const controls = base.packages
    .filter(hasPreinst)
    .flatMap((deb) =>
      below(`${controlsFolder}/${infoName(deb)}`, [
        ...deb.members,
        rootFile('control', deb.control, epoch),
      ]),
    );
  return {
    rootfs: rootfs.map((entry) => settledFolder(entry, epoch)).sort(byPath),
    beside: [...controls, ...(lendsAwk ? [rootFile(lentAwk, '', epoch)] : [])],
  };
}

/** Gives a folder the epoch's time: its own tells in which order packages were unpacked. */
const settledFolder = (entry: Entry, epoch: number): Entry =>
  entry.type === 'directory' ? { ...entry, mtime: epoch } : entry;

/** Says that a base set wants more than to be unpacked side by side. */
class WantsMore extends Error {}

/** Version of how packages become the trees of the step: raised when the same packages make others. */
const version = 1;

/** Unpacks the packages of a base set where its trees are needed: not where the result is found. */
function lazyTrees(
  base: BaseToMake,
  locked: readonly LockedPackage[],
  context: StepContext,
  io: Io,
) {
  const { input, epoch } = base;
  const place = { store: context.store, workFolder: join(context.folder, 'debs') };
  const topPackage = once(async () => {
    await mkdir(place.workFolder);
    return unpackTop(locked, place, io);
  });
  const trees = once(async () => {
    const joined = joinPackages(await unpackEach(locked, await topPackage(), place, io));
    if (joined === undefined) throw new WantsMore();
    return treesOf(joined, base);
  });
  const check = async () => {
    const top = await topPackage();
    if (top !== undefined && hasOwnBin(top)) throw new WantsMore();
  };
  const { required, important } = input.debootstrap;
  const packages = locked.map(({ name, sha256 }) => [name, sha256]);
  const described = { version, packages, required, important, epoch };
  return {
    check,
    rootfs: describedTree({ ...described, is: 'rootfs' }, async () => (await trees()).rootfs),
    beside: describedTree({ ...described, is: 'beside' }, async () => (await trees()).beside),
  };
}

/**
 * Makes the base set without debootstrap: unpacks its packages, writes dpkg's database, and configures all
 * in one go with the tree as the root of the step. Comes to debootstrap's tree; undefined for packages that
 * want more than this (joinPackages). Errors: those of unpacking and of treeStep.
 */
export async function makeBase(
  base: BaseToMake,
  context: StepContext,
  io: Io,
): Promise<MadeTree | undefined> {
  const { input, epoch } = base;
  const locked = input.debs.packages.filter(ofBase(input));
  const work: TreeWork = {
    ...lazyTrees(base, locked, context, io),
    script: configureScript(input.platform.debian),
    folders: 'epoch',
    ...{ epoch, env: scriptEnvironment(epoch), name: 'base', traces },
  };
  try {
    return await treeStep(work, context, io);
  } catch (error) {
    if (error instanceof WantsMore) return undefined;
    throw error;
  }
}
