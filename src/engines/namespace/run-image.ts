import type { Io } from '../../base/events.ts';
import type { CommandResult } from '../../base/run-command/command.ts';
import { runCommand } from '../../base/run-command.ts';
import type { OciProcessConfig, RunnableImage, RunOptions, RunResult } from '../engine.ts';
import { nothingToRun, runResult } from '../run-result.ts';
import { baseEnvironment, rootfsCapabilities } from '../step.ts';
import type { User } from './find-user.ts';
import type { IdMaps } from './id-maps.ts';
import { isolate } from './isolate.ts';
import type { Isolation } from './isolation.ts';
import { runTalking } from './own-terminal.ts';
import { engineFault } from './run-step.ts';
import { cannotLayer, faultMark } from './scripts.ts';

export type RootfsImage = Extract<RunnableImage, { kind: 'tar' }>;

/** The most that an image may write (scripts.ts), and use up besides, as in docker and podman. */
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
  /** An id as `outerId` gives it. */
  readonly outer: number | undefined;
}

/** Thrown when nothing was run, as what it writes could not be kept from the folder. */
export class CannotLayer extends Error {}

function isolationOf(
  { folder, writesTo, image: { config }, user, ids }: UnpackedImage,
  options: RunOptions,
  pipe: string,
): Isolation {
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
  unpacked: UnpackedImage,
  options: RunOptions,
  pipe: string,
  io: Io,
): Promise<RunResult> {
  if (options.network === 'default') warnOfNoNetwork(io);
  const { stdin: input, timeoutSeconds, stdio } = options;
  const command = {
    ...isolate(isolationOf(unpacked, options, pipe), unpacked.outer),
    signal: io.signal,
    ...(input !== undefined && { input }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
  const result = await (stdio === 'inherit' ? runTalking(command) : runCommand(command));
  if (unpacked.writesTo === 'memory' && hadToWrite(result)) throw new CannotLayer();
  const fault = engineFault(result);
  if (fault !== undefined && stdio === 'capture') throw fault;
  return runResult(result);
}

function warnOfNoNetwork(io: Io): void {
  const warning = {
    code: 'no-network',
    message: 'The namespace engine runs images without a network.',
    advice: 'Load the image into docker or podman to run it with one.',
  };
  io.emit({ type: 'warning', stage: 'test', warning });
}
