import { createReadStream } from 'node:fs';
import { chmod, lchown } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io, Warning } from '../../base/events.ts';
import { formatBytes } from '../../base/format.ts';
import { runCommand } from '../../base/run-command.ts';
import { openWorkspace } from '../../store/workspace.ts';
import type { Entry } from '../../tar/entry.ts';
import { readTar } from '../../tar/read.ts';
import type { OciProcessConfig, RunnableImage, RunOptions, RunResult } from '../engine.ts';
import type { Overrun } from '../overrun.ts';
import { nothingToRun, runResult } from '../run-result.ts';
import { baseEnvironment } from '../step.ts';
import { type ControlGroup, openControlGroup } from './cgroups/control-group.ts';
import { findUser, type User } from './find-user.ts';
import { isolate } from './isolate.ts';
import type { Isolation } from './isolation.ts';
import { runTalking } from './own-terminal.ts';
import { engineFault, type Host } from './run-step.ts';
import { treeFolder } from './tools.ts';
import { unpackRootfs } from './unpack-rootfs.ts';

type RootfsImage = Extract<RunnableImage, { kind: 'tar' }>;

/** The most that an image may write (scripts.ts), and use up besides, as in docker and podman. */
const memoryFolderBytes = 1024 ** 3;
const limits = { memoryBytes: 4 * 1024 ** 3, processes: 2048 };

/** Reads the entries of a tar on disk; their contents stay where they are. */
async function entriesOf(file: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const { entry, contentOffset: offset } of readTar(createReadStream(file))) {
    if (entry.type !== 'file') entries.push(entry);
    else entries.push({ ...entry, content: { file, offset, size: entry.size } });
  }
  return entries;
}

/** Joins Entrypoint and Cmd, or what a person put in their place, as docker does. */
export function argvOf(config: OciProcessConfig, { entrypoint, args }: RunOptions): string[] {
  const program = entrypoint ?? config.Entrypoint ?? [];
  return [...program, ...(args ?? (entrypoint === undefined ? (config.Cmd ?? []) : []))];
}

function environmentOf(config: OciProcessConfig, options: RunOptions, { home }: User) {
  const { PATH = '', HOSTNAME = '' } = baseEnvironment;
  const own = (config.Env ?? []).map((variable): [string, string] => {
    const equals = variable.indexOf('=');
    return [variable.slice(0, equals), variable.slice(equals + 1)];
  });
  return { PATH, HOSTNAME, HOME: home, ...Object.fromEntries(own), ...options.env };
}

function isolationOf(
  folder: string,
  { config }: RootfsImage,
  options: RunOptions,
  user: User,
): Omit<Isolation, 'groups' | 'filters'> {
  const argv = argvOf(config, options);
  if (argv.length === 0) throw nothingToRun();
  return {
    folder,
    kind: 'image',
    memoryFolderBytes,
    env: environmentOf(config, options, user),
    cwd: config.WorkingDir || '/',
    argv,
    capabilities: [],
    limits,
    pipe: options.stdio === 'inherit' ? undefined : join(folder, 'pipe'),
    ...((user.uid !== 0 || user.gid !== 0) && { user }),
  };
}

/** Runs an image from its rootfs, in a copy that is removed afterwards. It never has a network. */
export async function runImage(
  host: Host,
  image: RunnableImage,
  options: RunOptions,
  io: Io,
): Promise<RunResult> {
  if (image.kind !== 'tar') {
    const message = 'The namespace engine has no image store to run an image from.';
    throw new MkbaseError({ code: 'INTERNAL', message });
  }
  const { cacheFolder, outer } = host;
  if (options.network === 'default') warnOfNoNetwork(io);
  const entries = await entriesOf(image.tar);
  const user = await findUser(image.config.User ?? '', entries);
  const workspace = await openWorkspace(join(cacheFolder, 'tmp'));
  try {
    const isolation = isolationOf(workspace.folder, image, options, user);
    await unpackRootfs(entries, join(workspace.folder, treeFolder), 'image', outer, io);
    if (outer !== undefined) await lchown(workspace.folder, outer, outer);
    await chmod(workspace.folder, 0o700);
    return await limited(host, isolation, options, io);
  } finally {
    await workspace.dispose();
  }
}

/** Runs a program in a control group, which is removed afterwards. */
async function limited(
  { machine, outer }: Host,
  isolation: Omit<Isolation, 'groups' | 'filters'>,
  options: RunOptions,
  io: Io,
): Promise<RunResult> {
  const group = await openControlGroup(machine.parents, limits);
  const { filters } = machine;
  try {
    const walled = { ...isolation, filters, groups: group.folders };
    return await run(walled, group, options, outer, io);
  } finally {
    await group.remove();
  }
}

async function run(
  isolation: Isolation,
  group: ControlGroup,
  { stdin: input, timeoutSeconds, stdio }: RunOptions,
  outer: number | undefined,
  { signal, emit }: Io,
): Promise<RunResult> {
  const command = {
    ...isolate(isolation, outer),
    signal,
    ...(input !== undefined && { input }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
  const result = await (stdio === 'inherit' ? runTalking(command) : runCommand(command));
  const overrun = await group.overrun();
  for (const warning of overrunWarnings(overrun)) emit({ type: 'warning', stage: 'test', warning });
  const fault = overrun.memory ? undefined : engineFault(result);
  if (fault !== undefined && stdio === 'capture') throw fault;
  return runResult(result);
}

/** Tells of limits that an image ran into: it goes on, or its exit code is 137. */
function overrunWarnings({ memory, processes }: Overrun): Warning[] {
  const warning = (what: string) => ({
    code: 'limit-hit',
    message: `The image ran into its limit of ${what}.`,
    advice: 'Let it do with less; the limit is the same in docker and podman.',
  });
  return [
    ...(memory ? [warning(`${formatBytes(limits.memoryBytes)} of memory, and was killed`)] : []),
    ...(processes ? [warning(`${limits.processes} processes`)] : []),
  ];
}

function warnOfNoNetwork(io: Io): void {
  const warning = {
    code: 'no-network',
    message: 'The namespace engine runs images without a network.',
    advice: 'Load the image into docker or podman to run it with one.',
  };
  io.emit({ type: 'warning', stage: 'test', warning });
}
