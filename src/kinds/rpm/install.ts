import type { Io } from '../../base/events.ts';
import type { LockedRpm, LockedRpms } from '../../packages/rpm/locked-rpms.ts';
import type { StepContext } from '../../steps/builder.ts';
import { treeEnvironment, treeWork } from '../../steps/tree-step.ts';
import { describedTree, type NamedTree, treeOf, type Work } from '../../steps/work.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';
import { rootFile } from '../../tar/root-entry.ts';
import type { Pinned } from '../contract.ts';
import { checkInstalled } from './check-installed.ts';
import { databaseOf } from './database-folder.ts';
import { diagnoseRpm } from './diagnosis.ts';
import { configurationFolder, installScript, packagesFolder, programs } from './install-script.ts';
import { withMounted } from './mounted.ts';
import type { RpmSource } from './schema.ts';
import { settle } from './settle.ts';

/** Names a package's file so that the order of a folder is that of the lock. */
const fileOf = ({ name, version, architecture }: LockedRpm): string =>
  `${packagesFolder}/${name}-${version.replace(':', '_')}.${architecture}.rpm`;

/** Returns the locked packages, which must be in the store, as files of a folder. */
const packagesTree = ({ packages }: LockedRpms, store: Store, io: Io): NamedTree =>
  describedTree(
    { packages: packages.map((each) => ({ file: fileOf(each), sha256: each.sha256 })) },
    async () => {
      const entries: Entry[] = [];
      for (const each of packages) {
        const { sha256, size } = each;
        if (!(await store.verify(sha256, io))) throw new Error(`${each.name} is not in the store`);
        entries.push(rootFile(fileOf(each), { file: store.pathOf(sha256), offset: 0, size }));
      }
      return entries;
    },
  );

/** Version of how the tree of rpm is settled: raised when the same step's output gives another tree. */
const version = 1;

/** Describes the installation; its result is settled, and has what packages bring at the paths that an engine mounts. */
function rpmWork(pinned: Pinned<RpmSource, LockedRpms>, context: StepContext, io: Io): Work {
  const { source, locked, epoch } = pinned;
  const database = databaseOf(source);
  const work = treeWork({
    rootfs: treeOf([]),
    beside: packagesTree(locked, context.store, io),
    programs,
    builderFolders: [configurationFolder],
    script: installScript(pinned),
    epoch,
    folders: 'epoch',
    env: treeEnvironment(epoch),
    diagnosis: diagnoseRpm(),
    name: 'rpm',
  });
  return {
    ...work,
    settledBy: { ...work.settledBy, rpm: version, database },
    settle: async (sent) => {
      const { entries } = await work.settle(sent);
      const whole = await withMounted(entries, locked, epoch, context, io);
      const settled = await settle(whole, { epoch, database });
      await checkInstalled(settled, database, locked);
      return { entries: settled };
    },
  };
}

/**
 * Makes a root filesystem out of exactly the locked packages: rpm installs them with the tree as its root. Errors: as
 * Engine.runStep, with BUILD_FAILED where a scriptlet fails; BUILD_OUTPUT where something is there that was not
 * locked; SOURCE_CORRUPT, ARCHIVE_REFUSED, NO_SPACE, IO.
 */
export async function installRpms(
  pinned: Pinned<RpmSource, LockedRpms>,
  context: StepContext,
  io: Io,
): Promise<Entry[]> {
  const made = await context.make(rpmWork(pinned, context, io), io);
  return [...(await made.entries())];
}
