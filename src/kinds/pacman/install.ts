import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ioError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { descOf, fileOf } from '../../packages/alpm/local-repository.ts';
import type { LockedAlpm, LockedAlpms } from '../../packages/alpm/locked-alpm.ts';
import { readPackageInfo } from '../../packages/alpm/read-package.ts';
import type { StepContext } from '../../steps/builder.ts';
import { mountedFiles } from '../../steps/mounted-paths.ts';
import { assignments, commandLine } from '../../steps/shell-script.ts';
import { besidePath, treeEnvironment, treeWork } from '../../steps/tree-step.ts';
import { anywhere, watchedWords } from '../../steps/watched-words.ts';
import { type NamedTree, treeOf, type Work } from '../../steps/work.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';
import { rootFile } from '../../tar/root-entry.ts';
import { writeTar } from '../../tar/write.ts';
import { checkInstalled } from './check-installed.ts';
import { pacmanConfiguration } from './configuration.ts';
import { diagnosePacman, failures } from './diagnosis.ts';
import { withMounted } from './mounted.ts';
import { settleDatabase, traces } from './settled.ts';

const repositoryOf = (name: string) => `repositories/${name}`;

/** Returns the repositories of a lock, in the order of their names. */
const repositoriesOf = ({ packages }: LockedAlpms): string[] =>
  [...new Set(packages.map(({ repository }) => repository))].sort();

async function databaseOf(packages: readonly LockedAlpm[], store: Store): Promise<Buffer> {
  const entries: Entry[] = [];
  for (const each of packages) {
    const info = await readPackageInfo(store.read(each.sha256), fileOf(each));
    entries.push(rootFile(`${each.name}-${each.version}/desc`, descOf(each, info)));
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeTar(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Copies the bytes of a locked package, hashed on the way, and returns its entry in a repository. */
async function packageEntry(each: LockedAlpm, store: Store, staging: string): Promise<Entry> {
  const file = join(staging, each.sha256);
  await pipeline(store.read(each.sha256), createWriteStream(file)).catch((error: unknown) => {
    throw ioError(error, 'writing', file);
  });
  const path = `${repositoryOf(each.repository)}/${fileOf(each)}`;
  return rootFile(path, { file, offset: 0, size: each.size });
}

/**
 * Returns the locked packages as repositories that pacman installs from: their databases are made here, out
 * of what the packages say of themselves. Errors: SOURCE_CORRUPT, NO_SPACE, IO.
 */
async function repositories(locked: LockedAlpms, { store, folder }: StepContext): Promise<Entry[]> {
  const staging = join(folder, 'alpm');
  await mkdir(staging).catch((error: unknown) => {
    throw ioError(error, 'making', staging);
  });
  const entries: Entry[] = [];
  for (const name of repositoriesOf(locked)) {
    const packages = locked.packages.filter(({ repository }) => repository === name);
    const database = await databaseOf(packages, store);
    entries.push(rootFile(`${repositoryOf(name)}/${name}.db`, database));
    for (const each of packages) entries.push(await packageEntry(each, store, staging));
  }
  return entries;
}

const configurationFile = 'pacman.conf';
const database = '/var/lib/pacman';

function configurationOf(locked: LockedAlpms): string {
  const urls = repositoriesOf(locked).map(
    (name) => [name, `file://${besidePath}/${repositoryOf(name)}`] as const,
  );
  return pacmanConfiguration({
    root: '/',
    database: `${database}/`,
    own: besidePath,
    arch: locked.arch,
    repositories: new Map(urls),
    leftOut: mountedFiles,
  });
}

/** Runs pacman and watches what it prints: it exits with 0 when a script fails. */
function scriptOf({ wanted }: LockedAlpms, epoch: number): string {
  const options = ['--config', `${besidePath}/${configurationFile}`, '--noconfirm'];
  // They are there, and left out: the configuration says so.
  const mounted = ['--overwrite', mountedFiles.join(',')];
  const install = ['--noprogressbar', ...mounted, '--sync', '--refresh', '--', ...wanted];
  const pacman = `tool env -i ${assignments(treeEnvironment(epoch))} \\
    "$own/loader" --library-path "$own/lib" "$own/bin/pacman" ${commandLine([...options, ...install])}`;
  return `
tool mkdir -p ${database}/local ${database}/sync ${besidePath}/cache
${watchedWords(pacman, failures.map(anywhere))}`;
}

/** Describes the installation; pacman's database tells no time but the epoch. */
function pacmanWork(locked: LockedAlpms, beside: NamedTree, epoch: number): Work {
  const work = treeWork({
    rootfs: treeOf([]),
    beside,
    programs: ['pacman'],
    script: scriptOf(locked, epoch),
    traces,
    epoch,
    folders: 'epoch',
    env: treeEnvironment(epoch),
    diagnosis: diagnosePacman(),
    name: 'pacman',
  });
  return {
    ...work,
    settledBy: { ...work.settledBy, database: 1 },
    settle: async (sent) => {
      const { entries } = await work.settle(sent);
      return { entries: await settleDatabase(entries, epoch) };
    },
  };
}

/**
 * Makes a root filesystem out of the locked packages: pacman installs them from a repository of just these,
 * with the tree as its root. Errors: as Engine.runStep, BUILD_OUTPUT where pacman's database says otherwise than
 * the lock, and those of reading packages.
 */
export async function installPacman(
  locked: LockedAlpms,
  epoch: number,
  context: StepContext,
  io: Io,
): Promise<Entry[]> {
  const beside = [
    rootFile(configurationFile, configurationOf(locked)),
    ...(await repositories(locked, context)),
  ];
  const work = pacmanWork(locked, treeOf(beside), epoch);
  const tree = await (await context.make(work, io)).entries();
  await checkInstalled(tree, locked);
  return withMounted(tree, locked, epoch, context, io);
}
