import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { rootfsCapabilities } from '../../engines/step.ts';
import { newDatabase, releaseOf } from '../../packages/rpm/distributions.ts';
import type { LockedRpm, LockedRpms } from '../../packages/rpm/locked-rpms.ts';
import type { StepContext } from '../../steps/builder.ts';
import { buildLimits } from '../../steps/tree-step.ts';
import { builderShell } from '../../steps/visitor.ts';
import { describedTree, inputOf, type NamedTree, type Work } from '../../steps/work.ts';
import type { Store } from '../../store/store.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';
import { rootFile } from '../../tar/root-entry.ts';
import type { Pinned } from '../contract.ts';
import { settleTimes } from '../settle-times.ts';
import { checkInstalled } from './check-installed.ts';
import { installScript, rpmOptions } from './install-script.ts';
import { refuseFailed } from './rpm-words.ts';
import type { RpmSource } from './schema.ts';
import { settle } from './settle.ts';

/** Names a package's file so that the order of a folder is that of the lock. */
const fileOf = ({ name, version, architecture }: LockedRpm): string =>
  `packages/${name}-${version.replace(':', '_')}.${architecture}.rpm`;

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

/** Returns the folder below the root in which the packages' own rpm looks for its database. */
export function databaseOf({ distro, release = '' }: RpmSource): string {
  return (distro && releaseOf(distro, release)?.database) ?? newDatabase;
}

function optionsOf({ docs, languages }: RpmSource): string[] {
  return [
    ...rpmOptions,
    ...(docs ? [] : ['--excludedocs']),
    ...(languages.length === 0 ? [] : ['--define', `_install_langs ${languages.join(':')}`]),
  ];
}

/** Version of how the tree of rpm is settled: raised when the same step's output gives another tree. */
const version = 2;

async function textOf(sent: readonly Entry[], path: string): Promise<string> {
  const entry = sent.find((each) => each.path === path);
  if (entry?.type === 'file') return (await readContent(entry.content)).toString('utf8');
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `The builder left no file ${path}.`,
    hint: 'Run `mkbase gc --all`, which removes builders, and build again.',
  });
}

/**
 * Makes a root filesystem out of exactly the locked packages. Errors: BUILD_FAILED where rpm or a scriptlet
 * fails, BUILD_OUTPUT where something is there that was not locked, SOURCE_CORRUPT, ENGINE_FAILED.
 */
export async function installRpms(
  { source, locked, epoch }: Pinned<RpmSource, LockedRpms>,
  { store, make }: StepContext,
  io: Io,
): Promise<Entry[]> {
  const database = databaseOf(source);
  const work: Work = {
    does: 'rpm',
    version,
    step: {
      argv: ['/bin/sh', '-euc', installScript, 'mkbase', database, ...optionsOf(source)],
      env: {
        ...{ HOME: '/root', LC_ALL: 'C.UTF-8', TZ: 'UTC', RPM_FORCE_DEBIAN: '1' },
        SOURCE_DATE_EPOCH: String(epoch),
      },
      limits: buildLimits,
      capabilities: rootfsCapabilities,
      ids: 'range',
    },
    shell: builderShell(['/build']),
    input: inputOf(packagesTree(locked, store, io)),
    settledBy: { epoch, database },
    output: "rpm's result",
    settle: async (sent) => {
      refuseFailed(await textOf(sent, 'words'), (await textOf(sent, 'status')).trim());
      const entries = await settle(settleTimes(sent, epoch), { epoch, database });
      await checkInstalled(entries, database, locked);
      return { entries };
    },
  };
  const made = await make(work, io);
  return [...(await made.entries())];
}
