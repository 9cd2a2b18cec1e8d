import type { Command } from '../../base/run-command.ts';
import type { IdMaps } from './id-maps.ts';
import { limited } from './limited.ts';
import { grantedFor, innerNamespaces, outerNamespaces } from './nested.ts';
import {
  backToHostRoot,
  enterScript,
  gateScript,
  prepareScript,
  runScript,
  shell,
  waitScript,
} from './scripts.ts';

/** Name of the folder that holds a root file system. */
export const treeFolder = 'tree';

/** What is put behind walls. */
export interface Isolation {
  /** The folder in which `treeFolder` is; absolute. */
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
  /** The user and group ids there are inside; undefined: root alone. Needs `pipe`. */
  readonly ids?: IdMaps;
  readonly limits?: { readonly memoryBytes: number; readonly processes: number };
  /**
   * Where the ends of pipes may appear for a moment (scripts.ts). Undefined for a program that a
   * person talks to, which keeps mkbase's own streams and stays in the terminal's session.
   */
  readonly pipe: string | undefined;
}

/** Administrators' tools are not on every user's PATH. */
export const toolPath = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');

/** Names that a shell can export; no other is ever asked for by a recipe. */
const exportable = /^[A-Za-z_][A-Za-z0-9_]*$/;

const variables = (env: Readonly<Record<string, string>>) =>
  Object.entries(env)
    .filter(([name]) => exportable.test(name))
    .map(([name, value]) => `${name}=${value}`);

/** `CAP_CHOWN` as setpriv(1) writes it: `chown`. */
const capabilityName = (name: string) => name.replace(/^CAP_/i, '').toLowerCase();

function unprivileged({ user, capabilities, ids }: Isolation): string[] {
  if (user !== undefined) {
    // A namespace inside, in which the one user there is has that number; it gets no capabilities.
    const own = [`--map-user=${user.uid}`, `--map-group=${user.gid}`];
    return ['unshare', '--user', ...own, 'setpriv', '--no-new-privs'];
  }
  const names = capabilities.map(grantedFor).map(capabilityName);
  const bounds = ['-all', ...names.map((name) => `+${name}`)].join(',');
  // An ordinary user can leave the groups that it has on the host only where there are other groups.
  const groups = ids === undefined ? [] : ['--clear-groups'];
  return ['setpriv', ...groups, `--bounding-set=${bounds}`, '--inh-caps=-all', '--no-new-privs'];
}

/** The command that becomes the program; see scripts.ts. */
function program(isolation: Isolation): string[] {
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
  const { folder, kind, memoryFolderBytes, pipe } = isolation;
  return {
    file: shell,
    cwd: folder,
    env: { PATH: toolPath },
    cleanEnv: true,
    killSignal: 'SIGKILL',
    onlyStandardStreams: true,
    args: [
      ...['-euc', enterScript, 'mkbase', pipe ?? ''],
      ...outerNamespaces(isolation, outer),
      ...runScript(prepareScript, treeFolder, kind, String(memoryFolderBytes)),
      ...innerNamespaces(isolation),
      ...backToHostRoot,
      ...runScript(waitScript),
      ...program(isolation),
    ],
  };
}
