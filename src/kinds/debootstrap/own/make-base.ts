import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toByteString } from '../../../base/byte-string.ts';
import type { Io } from '../../../base/events.ts';
import type { LockedPackage } from '../../../packages/deb/locked-debs.ts';
import type { UnpackedDeb } from '../../../packages/deb/unpack/unpack-deb.ts';
import type { StepContext } from '../../../steps/builder.ts';
import { below, type TreeWork, treeStep } from '../../../steps/tree-step.ts';
import type { Entry } from '../../../tar/entry.ts';
import { scriptEnvironment } from '../debootstrap-shell.ts';
import type { MirrorInput } from '../mirror.ts';
import { priorityOf } from '../mirror.ts';
import { awkLink, configureScript, controlsFolder } from './configure-script.ts';
import { databaseEntries, infoName, rootFile, withConffilesAside } from './dpkg-database.ts';
import { joinPackages, type UnpackedBase, unpackEach } from './unpack-base.ts';

/** The packages of a base set. */
export interface BaseToMake {
  readonly input: MirrorInput;
  /** Seconds since 1970. */
  readonly epoch: number;
}

const symlink = (path: string, target: string, mtime: number): Entry => ({
  type: 'symlink',
  ...{ path: toByteString(path), target: toByteString(target) },
  ...{ mode: 0o777, uid: 0, gid: 0, mtime, xattrs: [] },
});

/** Returns the files that debootstrap writes itself, where no package brings them. */
const filesBesides = (epoch: number): Entry[] => [
  rootFile('etc/fstab', '# UNCONFIGURED FSTAB FOR BASE SYSTEM\n', epoch),
  symlink('etc/localtime', '/usr/share/zoneinfo/UTC', epoch),
  symlink(awkLink.path, awkLink.target, epoch),
];

const hasPreinst = ({ members }: UnpackedDeb): boolean =>
  members.some(({ path }) => path === 'preinst');

const byPath = (a: Entry, b: Entry) => (a.path < b.path ? -1 : 1);
const byInfoName = (a: UnpackedDeb, b: UnpackedDeb) => (infoName(a) < infoName(b) ? -1 : 1);

/** Returns the step that configures a base set. */
function workOf(base: UnpackedBase, { input, epoch }: BaseToMake): TreeWork {
  const besides = filesBesides(epoch).filter(({ path }) => !base.tree.has(path));
  const priority = ({ locked, fields }: UnpackedDeb) =>
    priorityOf(locked, fields.get('priority') ?? '', input.debootstrap);
  const rootfs = [
    ...withConffilesAside(base),
    ...databaseEntries(base, priority, epoch),
    ...besides,
  ];
  const preinsts = base.packages.filter(hasPreinst).sort(byInfoName);
  return {
    rootfs: settledFolders(rootfs, epoch).sort(byPath),
    beside: preinsts.flatMap(({ locked: { name }, control, members }) =>
      below(`${controlsFolder}/${name}`, [
        ...members,
        rootFile('control', control.toString('latin1'), epoch),
      ]),
    ),
    script: configureScript({
      preinsts: preinsts.map(({ locked }) => ({
        name: locked.name,
        architecture: input.platform.debian,
      })),
      lendsAwk: besides.some(({ path }) => path === awkLink.path),
    }),
    ...{ epoch, env: scriptEnvironment(epoch), name: 'base' },
  };
}

/** Gives every folder the epoch's time: its own tells in which order packages were unpacked. */
const settledFolders = (entries: readonly Entry[], epoch: number): Entry[] =>
  entries.map((entry) => (entry.type === 'directory' ? { ...entry, mtime: epoch } : entry));

/**
 * Makes the base set without debootstrap: unpacks its packages, writes dpkg's database, and configures all
 * in one go with the tree as the root of the step. Comes to debootstrap's tree; undefined for packages that
 * want more than this (joinPackages). Errors: those of unpacking and of treeStep.
 */
export async function makeBase(
  base: BaseToMake,
  context: StepContext,
  io: Io,
): Promise<Entry[] | undefined> {
  const { debs, debootstrap } = base.input;
  const names = new Set(debootstrap.base);
  const workFolder = join(context.folder, 'debs');
  await mkdir(workFolder);
  const ofBase = ({ name, architecture }: LockedPackage) =>
    names.has(name) && [base.input.platform.debian, 'all'].includes(architecture);
  const locked = debs.packages.filter(ofBase);
  const joined = joinPackages(await unpackEach(locked, { store: context.store, workFolder }, io));
  if (joined === undefined) return undefined;
  return settledFolders(await treeStep(workOf(joined, base), context, io), base.epoch);
}
