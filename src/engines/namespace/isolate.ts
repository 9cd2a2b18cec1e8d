import type { Command } from '../../run-command.ts';
import { enterScript, gateScript, prepareScript, waitScript } from './scripts.ts';

/** What is put behind walls. */
export interface Isolation {
  /** The folder that holds the root file system, which is called `rootfs`; absolute. */
  readonly folder: string;
  /** `step`: read-only but for the writable folders; `image`: as writable as a container's. */
  readonly kind: 'step' | 'image';
  /** Bytes in memory file systems. */
  readonly memoryFolderBytes: number;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Working folder inside. */
  readonly cwd: string;
  readonly argv: readonly string[];
  /** Who it runs as inside, when not as root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly capabilities: readonly string[];
  readonly limits?: { readonly memoryBytes: number; readonly processes: number };
  /**
   * Where the ends of pipes may appear for a moment (scripts.ts). Undefined for a program that a
   * person talks to, which keeps mkbase's own streams and stays in the terminal's session.
   */
  readonly pipe: string | undefined;
}

/** Administrators' tools are not on every user's PATH. */
export const toolPath = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');

/** Every namespace there is; user first, for it is what gives the right to make the others. */
const namespaces = [
  ...['--user', '--map-root-user', '--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup'],
  // Whatever is left inside dies with the process that waits for it.
  ...['--fork', '--kill-child', '--propagation', 'private'],
];

/** Names that a shell can export; no other is ever asked for by a recipe. */
const exportable = /^[A-Za-z_][A-Za-z0-9_]*$/;

const variables = (env: Readonly<Record<string, string>>) =>
  Object.entries(env)
    .filter(([name]) => exportable.test(name))
    .map(([name, value]) => `${name}=${value}`);

/** The processes that the namespaces' own shells count for. */
const ownProcesses = 4;

/**
 * Limits on what one process takes (data, since address space is reserved far beyond use by
 * sanitizers and runtimes alike) and on the number of processes, which the kernel counts per user
 * namespace. An ordinary user can set no better without a delegated cgroup.
 */
function limited({ limits }: Isolation): string[] {
  if (limits === undefined) return ['prlimit', '--core=0'];
  const { memoryBytes, processes } = limits;
  return ['prlimit', '--core=0', `--data=${memoryBytes}`, `--nproc=${processes + ownProcesses}`];
}

/** `CAP_CHOWN` as setpriv(1) writes it: `chown`. */
const capabilityName = (name: string) => name.replace(/^CAP_/i, '').toLowerCase();

function unprivileged({ user, capabilities }: Isolation): string[] {
  if (user !== undefined) {
    // A namespace inside, in which the one user there is has that number; it gets no capabilities.
    const ids = [`--map-user=${user.uid}`, `--map-group=${user.gid}`];
    return ['unshare', '--user', ...ids, 'setpriv', '--no-new-privs'];
  }
  const bounds = ['-all', ...capabilities.map((name) => `+${capabilityName(name)}`)].join(',');
  return ['setpriv', `--bounding-set=${bounds}`, '--inh-caps=-all', '--no-new-privs'];
}

/** The command that becomes the program; see scripts.ts. */
function program(isolation: Isolation, shell: string): string[] {
  const { cwd, env, argv, pipe } = isolation;
  return [
    // In a session of its own it cannot put keystrokes into the terminal that mkbase runs on.
    ...(pipe === undefined ? [] : ['setsid']),
    ...limited(isolation),
    ...unprivileged(isolation),
    ...[shell, '-uc', gateScript, 'mkbase', cwd, ...variables(env), '--', ...argv],
  ];
}

/**
 * The command that runs a program in namespaces of its own, with a root file system, a network that
 * leads nowhere, no privileges and nothing of the host. `outer` as in outer-id.ts. It is to be
 * stopped with SIGKILL, and dies with mkbase.
 */
export function isolate(isolation: Isolation, outer: number | undefined): Command {
  const identity =
    outer === undefined ? [] : [`--reuid=${outer}`, `--regid=${outer}`, '--clear-groups'];
  const { folder, kind, memoryFolderBytes } = isolation;
  const shell = 'sh';
  return {
    file: shell,
    cwd: folder,
    env: { PATH: toolPath },
    cleanEnv: true,
    killSignal: 'SIGKILL',
    args: [
      ...['-euc', enterScript, 'mkbase', isolation.pipe ?? ''],
      ...['setpriv', ...identity, '--pdeathsig', 'KILL'],
      ...['unshare', ...namespaces, shell, '-euc', prepareScript, 'mkbase'],
      ...['rootfs', kind, String(memoryFolderBytes), waitScript],
      ...program(isolation, shell),
    ],
  };
}
