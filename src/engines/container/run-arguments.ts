import type { PlatformName } from '../../base/platform.ts';
import type { RunOptions } from '../engine.ts';
import { baseEnvironment, type Limits, type Step, writableFolders } from '../step.ts';
import type { Cli } from './cli.ts';
import { mayMount } from './seccomp-options.ts';

/**
 * Carried by every container that mkbase starts; its value is the container's name, which tells the
 * owner.
 */
export const runLabel = 'org.mkbase.run';

const named = (name: string) => ['--name', name, '--label', `${runLabel}=${name}`];

const environment = (env: Readonly<Record<string, string>>) =>
  Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);

function limitOptions(
  { memoryBytes, processes }: Pick<Limits, 'memoryBytes' | 'processes'>,
  { facts }: Cli,
): string[] {
  return [
    // As much swap as memory would double the limit; equal means none.
    ...(facts.limitsMemory
      ? ['--memory', `${memoryBytes}b`, '--memory-swap', `${memoryBytes}b`]
      : []),
    ...(facts.limitsProcesses ? ['--pids-limit', String(processes)] : []),
  ];
}

/** For a run that nobody watches: a program under test must not take the machine down. */
const unwatched = { memoryBytes: 4 * 1024 ** 3, processes: 2048 };

const temporary = new Set<string>(['/tmp', '/var/tmp']);

function memoryFolders({ memoryBytes }: Limits, { dialect }: Cli): string[] {
  return writableFolders.flatMap((folder) => {
    const mode = temporary.has(folder) ? '1777' : '0755';
    // Without `exec`, `suid` and `dev` docker denies all three.
    const options = ['rw', 'exec', 'suid', 'dev', `mode=${mode}`, `size=${memoryBytes}`];
    return ['--tmpfs', `${folder}:${[...options, ...dialect.tmpfsOptions].join(',')}`];
  });
}

/**
 * Grants a step its capabilities. Devices of /dev have to be mounted where no device node can be
 * made (step.ts, `rootfsCapabilities`). The right to do so is one in the container's user
 * namespace, so none of the host's.
 */
function capabilityOptions(step: Step, cli: Cli): string[] {
  const added = [...step.capabilities, ...(mayMount(step, cli) ? ['CAP_SYS_ADMIN'] : [])];
  return ['--cap-drop', 'ALL', ...added.flatMap((each) => ['--cap-add', each])];
}

/**
 * Makes the start of the command of a step that writes to disk: no file gets larger than its limit, and
 * watch-size.ts stops what writes many. `--ulimit` would take podman's other limits away. A block is one
 * of 512 bytes (ulimit, POSIX.1-2017).
 */
const boundedFiles = ({ root, limits }: Step): string[] =>
  root === 'own'
    ? ['/bin/sh', '-c', 'ulimit -f "$0" && exec "$@"', String(Math.ceil(limits.memoryBytes / 512))]
    : [];

/**
 * Makes the options for the root of a step. Docker's init is mounted at /sbin/docker-init, in the way of
 * a step that makes a root anew: there the step's own program is the first process.
 */
function rootOptions({ root, limits }: Step, cli: Cli): string[] {
  const { init, readOnlyOptions } = cli.dialect;
  if (root === 'own') return [];
  return [...(init ? ['--init'] : []), ...readOnlyOptions, ...memoryFolders(limits, cli)];
}

/**
 * Makes the arguments of the CLI that run a step in the image `id` as a container called `name`;
 * `filter` are those of the filter of system calls.
 */
export function stepArguments(
  step: Step,
  id: string,
  name: string,
  filter: readonly string[],
  cli: Cli,
): string[] {
  const { dialect } = cli;
  return [
    ...['run', ...(dialect.removesLater ? [] : ['--rm'])],
    ...['--interactive', ...named(name), '--hostname', 'mkbase'],
    ...['--pull', 'never', '--network', 'none'],
    ...capabilityOptions(step, cli),
    ...['--security-opt', 'no-new-privileges', ...filter],
    // Else the engine keeps a copy of everything that comes out, docker as JSON: 12 s for 300 MB.
    ...['--log-driver', 'none'],
    ...dialect.runOptions,
    ...dialect.stepOptions,
    ...limitOptions(step.limits, cli),
    ...rootOptions(step, cli),
    ...environment({ ...baseEnvironment, ...step.env }),
    id,
    ...boundedFiles(step),
    ...step.argv,
  ];
}

/** Puts the entrypoint as docker's option takes it: one word; the rest goes before the arguments. */
function programOptions({ entrypoint, args = [] }: RunOptions, id: string): string[] {
  if (entrypoint === undefined) return [id, ...args];
  const [program = '', ...rest] = entrypoint;
  return ['--entrypoint', program, id, ...rest, ...args];
}

/** The container that an image is run in. */
interface ImageContainer {
  readonly name: string;
  /** It gets a terminal of its own. */
  readonly terminal: boolean;
  /** The arguments of the filter of system calls. */
  readonly filter: readonly string[];
}

/** Makes the arguments of the CLI that run an image. */
export function imageArguments(
  image: { readonly id: string; readonly platform: PlatformName },
  options: RunOptions,
  { name, terminal, filter }: ImageContainer,
  cli: Cli,
): string[] {
  const { dialect, facts } = cli;
  const foreign = facts.platform !== undefined && facts.platform !== image.platform;
  return [
    ...['run', '--rm', '--interactive', ...named(name), '--pull', 'never'],
    ...(terminal ? ['--tty'] : []),
    // A program that runs as the first process and handles no signal could not be interrupted.
    ...(options.stdio === 'inherit' && dialect.init ? ['--init'] : []),
    ...(options.network === 'none' ? ['--network', 'none'] : []),
    ...(options.stdio === 'capture' ? limitOptions(unwatched, cli) : []),
    ...['--log-driver', 'none', ...filter],
    ...(foreign ? ['--platform', image.platform] : []),
    ...dialect.runOptions,
    ...environment(options.env ?? {}),
    ...programOptions(options, image.id),
  ];
}
