import type { Io, Warning } from '../../base/events.ts';
import { formatBytes } from '../../base/format.ts';
import type { CommandResult } from '../../base/run-command/command.ts';
import { runCommand } from '../../base/run-command.ts';
import type { OciProcessConfig, RunnableImage, RunOptions, RunResult } from '../engine.ts';
import type { Overrun } from '../overrun.ts';
import { nothingToRun, runResult } from '../run-result.ts';
import { baseEnvironment, rootfsCapabilities } from '../step.ts';
import { type ControlGroup, openControlGroup } from './cgroups/control-group.ts';
import type { User } from './find-user.ts';
import type { IdMaps } from './id-maps.ts';
import { isolate } from './isolate.ts';
import type { Isolation } from './isolation.ts';
import { runTalking } from './own-terminal.ts';
import { engineFault, type Host } from './run-step.ts';
import { cannotLayer, faultMark } from './scripts.ts';

export type RootfsImage = Extract<RunnableImage, { kind: 'tar' }>;

/** The most that an image may write (prepare-script.ts), and use up besides, as in docker and podman. */
const memoryFolderBytes = 1024 ** 3;
const limits = { memoryBytes: 4 * 1024 ** 3, processes: 2048 };

/**
 * The capabilities that docker grants by default, where an image has many users; but for CAP_MKNOD, as
 * nobody can make devices here.
 */
const imageCapabilities = [
  ...rootfsCapabilities.filter((name) => name !== 'CAP_MKNOD'),
  ...['CAP_NET_BIND_SERVICE', 'CAP_NET_RAW', 'CAP_SETPCAP'],
];

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

/** An unpacked image, and the way to run it. */
export interface UnpackedImage extends Pick<Isolation, 'writesTo'> {
  /** The ids that there are inside; undefined: one user's alone. */
  readonly ids: IdMaps | undefined;
  readonly image: RootfsImage;
  /** The folder that holds the tree; absolute. */
  readonly folder: string;
  readonly user: User;
}

/** Thrown when nothing was run, as what it writes could not be kept from the folder. */
export class CannotLayer extends Error {}

function isolationOf(
  { folder, writesTo, image: { config }, user, ids }: UnpackedImage,
  options: RunOptions,
  pipe: string,
): Omit<Isolation, 'groups' | 'filters'> {
  const argv = argvOf(config, options);
  if (argv.length === 0) throw nothingToRun();
  return {
    folder,
    kind: 'image',
    writesTo,
    memoryFolderBytes,
    env: environmentOf(config, options, user),
    cwd: config.WorkingDir || '/',
    argv,
    capabilities: ids === undefined ? [] : imageCapabilities,
    limits,
    ...(ids !== undefined && { ids }),
    ...(options.stdio === 'inherit' ? { pipe: undefined, idsPipe: pipe } : { pipe }),
    ...((user.uid !== 0 || user.gid !== 0) && { user }),
  };
}

const hadToWrite = ({ exitCode, stderr }: CommandResult): boolean =>
  exitCode === 125 && stderr.includes(`${faultMark}${cannotLayer}`);

/** Runs an image from its tree; `pipe` is a path as of Isolation. Errors as Engine.openImage. */
export async function runImage(
  host: Host,
  unpacked: UnpackedImage,
  options: RunOptions,
  pipe: string,
  io: Io,
): Promise<RunResult> {
  if (options.network === 'default') warnOfNoNetwork(io);
  const isolation = isolationOf(unpacked, options, pipe);
  const group = await openControlGroup(host.machine.parents, limits);
  try {
    return await runIn(group, host, isolation, options, io);
  } finally {
    await group.remove();
  }
}

async function runIn(
  group: ControlGroup,
  { machine: { filters }, outer }: Host,
  isolation: Omit<Isolation, 'groups' | 'filters'>,
  { stdin: input, timeoutSeconds, stdio }: RunOptions,
  { signal, emit }: Io,
): Promise<RunResult> {
  const command = {
    ...isolate({ ...isolation, filters, groups: group.folders }, outer),
    signal,
    ...(input !== undefined && { input }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
  const result = await (stdio === 'inherit' ? runTalking(command) : runCommand(command));
  if (isolation.writesTo === 'memory' && hadToWrite(result)) throw new CannotLayer();
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
