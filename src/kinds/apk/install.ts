import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError, MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { apkProgram } from '../../packages/apk/apk-program.ts';
import { installedApks } from '../../packages/apk/installed-apks.ts';
import type { LockedApks } from '../../packages/apk/locked-apks.ts';
import { unpackApks } from '../../packages/apk/unpack-apks.ts';
import type { StepContext } from '../../steps/builder.ts';
import type { Traces } from '../../steps/clamp-times.ts';
import { isMounted, madeFolders } from '../../steps/mounted-paths.ts';
import { commandLine } from '../../steps/shell-script.ts';
import { below, besidePath, treeEnvironment, treeStep } from '../../steps/tree-step.ts';
import { treeOf } from '../../steps/work.ts';
import type { Entry } from '../../tar/entry.ts';
import { ownRepositories, repositoryOf } from './repository.ts';

const identity = (each: {
  readonly name: string;
  readonly version: string;
  readonly checksum: string;
}) => `${each.name} ${each.version} ${each.checksum}`;

/**
 * Compares the packages that apk recorded as installed with the lock: every locked one is there, and beside
 * them only such as were there before. Throws BUILD_OUTPUT.
 */
export async function checkInstalled(
  tree: readonly Entry[],
  before: readonly Entry[],
  { packages }: LockedApks,
): Promise<void> {
  const found = new Set((await installedApks(tree)).map(identity));
  const old = new Set((await installedApks(before)).map(identity));
  const locked = new Set(packages.map(identity));
  const missing = [...locked].filter((each) => !found.has(each));
  const extra = [...found].filter((each) => !locked.has(each) && !old.has(each));
  if (missing.length + extra.length === 0) return;
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: [
      'apk installed other packages than the lock holds:',
      ...missing.map((each) => `  missing ${each}`),
      ...extra.map((each) => `  added   ${each}`),
    ].join('\n'),
    hint: 'Pin anew with `mkbase update`; should it come again, report it with lock.json.',
  });
}

/**
 * The index is made here, out of packages that were each checked against the lock, and nobody signs
 * it: for it to be taken, apk must not ask for signatures. It still holds each package against the
 * checksum in that index.
 */
const common = ['--allow-untrusted', '--no-network', '--no-cache', '--no-progress'];

/** The words that call apk, and the path of the repository as apk sees it. */
interface Caller {
  /** Shell words before apk's own arguments. */
  readonly apk: string;
  readonly repository: string;
  readonly root: readonly string[];
}

/**
 * Returns the commands that index the packages and install the wanted ones as if there were no others: apk
 * then writes the names in the recipe into its world, and no others. Without packages there is nothing
 * to index: every wanted package is installed already.
 */
function installing({ apk, repository, root }: Caller, apks: LockedApks): string {
  const { arch, packages, wanted } = apks;
  const files = packages.map(({ name, version }) => `${repository}/${arch}/${name}-${version}.apk`);
  const from = ['--repositories-file', `${repository}/repositories`];
  const index = ['index', ...common, ...root, '--repositories-file', '/dev/null', '--no-warnings'];
  const output = ['--rewrite-arch', arch, '--output', `${repository}/${arch}/APKINDEX.tar.gz`];
  const indexing = `${apk} ${commandLine([...index, ...output, ...files])}`;
  const adding = `${apk} ${commandLine(['add', ...common, ...root, ...from, ...wanted])}`;
  return files.length === 0 ? adding : `${indexing}\n${adding}`;
}

/** Paths that are dropped unless the tree had them before, each with the reason. */
const traces: Traces = {
  'var/log/apk.log': 'says when which command ran',
  'run/apk': 'is the folder of a running apk',
  'run/apk/db.lock': 'is the lock of a running apk',
  'etc/group-': 'is how the file was before the last package that adds a group',
  'etc/passwd-': 'is how the file was before the last package that adds a user',
  'etc/shadow-': 'is how the file was before the last package that adds a user',
};

/** A tree, the files beside it and the script that changes it. */
interface ApkRun {
  readonly rootfs: readonly Entry[];
  readonly beside: readonly Entry[];
  readonly script: string;
}

async function run(
  { rootfs, beside, script }: ApkRun,
  epoch: number,
  inputs: StepContext,
  io: Io,
): Promise<readonly Entry[]> {
  const trees = { rootfs: treeOf(rootfs), beside: treeOf(beside) };
  const step = { ...trees, script, traces, epoch, env: treeEnvironment(epoch), name: 'apk' };
  const made = await treeStep(step, inputs, io);
  return made.entries();
}

/** Makes a folder below the build's own. */
async function subfolder(parent: string, name: string): Promise<string> {
  const folder = join(parent, name);
  await mkdir(folder).catch((error: unknown) => {
    throw ioError(error, 'making', folder);
  });
  return folder;
}

/** Ends the name under which apk leaves a file of a package when it finds another file in its place. */
const leftBeside = '.apk-new';

/**
 * Returns the tree of a step with what packages bring at the paths that an engine mounts, unless the tree
 * had it before: apk, which finds these in use, cannot put it there. Folders made now have the epoch's time.
 */
async function withMounted(
  tree: readonly Entry[],
  before: readonly Entry[],
  { packages: locked }: LockedApks,
  epoch: number,
  { store, folder }: StepContext,
  io: Io,
): Promise<Entry[]> {
  const workFolder = await subfolder(folder, 'apk-mounted');
  const pathsOf = (entries: readonly Entry[]) => new Set(entries.map(({ path }) => path));
  const [there, left] = [pathsOf(before), pathsOf(tree)];
  const wanted = (path: Entry['path']) =>
    !there.has(path) && (isMounted(path) || (madeFolders.includes(path) && !left.has(path)));
  const brought = await unpackApks(locked, { store, workFolder, wanted }, io);
  const replaced = new Set<string>(brought.flatMap(({ path }) => [path, `${path}${leftBeside}`]));
  const settled = brought.map((entry) =>
    entry.type === 'directory' ? { ...entry, mtime: epoch } : entry,
  );
  return [...tree.filter(({ path }) => !replaced.has(path)), ...settled];
}

/**
 * Adds the locked packages to a root filesystem with its own apk, in it. Errors: BUILD_FAILED, when a
 * package's script fails too; BUILD_OUTPUT when other packages are in it afterwards; those of steps.
 */
export async function addApks(
  rootfs: readonly Entry[],
  { apks, epoch }: { readonly apks: LockedApks; readonly epoch: number },
  inputs: StepContext,
  io: Io,
): Promise<Entry[]> {
  const staging = await subfolder(inputs.folder, 'apks');
  const beside = await repositoryOf(apks, besidePath, { store: inputs.store, staging });
  const caller = { apk: 'in_rootfs apk', repository: besidePath, root: [] };
  const left = await run({ rootfs, beside, script: installing(caller, apks) }, epoch, inputs, io);
  const tree = await withMounted(left, rootfs, apks, epoch, inputs, io);
  await checkInstalled(tree, rootfs, apks);
  return tree;
}

/** Folders of the unpacked tools and of the repository, neither of which gets into the tree. */
const tools = `${besidePath}/tools`;
const packages = `${besidePath}/packages`;

/**
 * Makes a root filesystem out of the locked packages from nothing: by an apk that is only unpacked.
 * Errors: as addApks.
 */
export async function buildApkRoot(
  apks: LockedApks,
  epoch: number,
  inputs: StepContext,
  io: Io,
): Promise<Entry[]> {
  const { store, folder } = inputs;
  const staging = await subfolder(folder, 'apks');
  const workFolder = await subfolder(folder, 'apk-tools');
  const tree = await unpackApks(apks.tools ?? [], { store, workFolder }, io);
  const repository = await repositoryOf(apks, packages, { store, staging });
  const env = Object.entries(treeEnvironment(epoch)).map(([name, value]) => `${name}=${value}`);
  const caller = {
    apk: commandLine(['tool', 'env', '-i', ...env, ...apkProgram(tree, tools)]),
    repository: packages,
    root: ['--root', '/', '--arch', apks.arch],
  };
  const script = [
    `${caller.apk} ${commandLine(['add', '--initdb', ...common, ...caller.root])} --repositories-file /dev/null`,
    installing(caller, apks),
  ].join('\n');
  const beside = [...below('tools', tree), ...below('packages', repository)];
  const left = await run({ rootfs: [], beside, script }, epoch, inputs, io);
  const made = await withMounted(left, [], apks, epoch, inputs, io);
  await checkInstalled(made, [], apks);
  return [...made, ...ownRepositories(made, apks, epoch)];
}
