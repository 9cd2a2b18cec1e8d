import type { Command } from '../../base/run-command/command.ts';
import { policyFor } from '../seccomp/policy.ts';
import { type Isolation, limited } from './isolation.ts';
import { launcherFormat } from './launcher.ts';
import { grantedFor, innerNamespaces, mayMount, outerNamespaces } from './nested.ts';
import { shellLine } from './own-terminal.ts';
import { prepareScript } from './prepare-script.ts';
import {
  backToHostRoot,
  becomeScript,
  doorScript,
  enterScript,
  gateScript,
  launchScript,
  runScript,
  shell,
  waitScript,
} from './scripts.ts';
import { toolPath, treeFolder } from './tools.ts';

/** Names that a shell can export; no other is ever asked for by a recipe. */
const exportable = /^[A-Za-z_][A-Za-z0-9_]*$/;

const variables = (env: Readonly<Record<string, string>>) =>
  Object.entries(env)
    .filter(([name]) => exportable.test(name))
    .map(([name, value]) => `${name}=${value}`);

/** `CAP_CHOWN` as setpriv(1) writes it: `chown`. */
const capabilityName = (name: string) => name.replace(/^CAP_/i, '').toLowerCase();

/** Becomes the user that a program of an image runs as, with no right that a container's has not. */
function asUser({ user, capabilities }: Isolation): string[] {
  const { uid, gid, groups } = user ?? { uid: 0, gid: 0, groups: [] };
  const further = groups.length > 0 ? `--groups=${groups.join(',')}` : '--clear-groups';
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, further, ...bounded(capabilities)];
}

function bounded(capabilities: readonly string[]): string[] {
  const names = capabilities.map(grantedFor).map(capabilityName);
  const bounds = ['-all', ...names.map((name) => `+${name}`)].join(',');
  return [`--bounding-set=${bounds}`, '--inh-caps=-all'];
}

function unprivileged({ user, capabilities, ids }: Isolation): string[] {
  if (user !== undefined) {
    // A namespace inside, in which the one user there is has that number; it gets no capabilities.
    const own = [`--map-user=${user.uid}`, `--map-group=${user.gid}`];
    return ['unshare', '--user', ...own, 'setpriv', '--no-new-privs'];
  }
  // An ordinary user can leave the groups that it has on the host only where there are other groups.
  const groups = ids === undefined ? [] : ['--clear-groups'];
  return ['setpriv', ...groups, ...bounded(capabilities), '--no-new-privs'];
}

/** Linux 6.6 is the first whose memory file system keeps what an overlay says of its upper layer. */
const canLayer = ([major = 0, minor = 0]: readonly number[]) =>
  major > 6 || (major === 6 && minor >= 6);

/** Tells whether what images write can stay in memory; `linux` is the kernel's version. */
export const canWriteToMemory = (linux: string): boolean => canLayer(linux.split('.').map(Number));

/** The words by which prepareScript knows how the root file system of an image is written to. */
const imageWords = { memory: 'image-kept', disk: 'image-on-disk', either: 'image' } as const;

/**
 * Makes the command that becomes the program; see scripts.ts. An image with many users may have programs
 * with set-id bits, as in containers: there the filter is put up by its root, who needs no promise to
 * forgo them.
 */
function program(isolation: Isolation): string[] {
  const { kind, ids, cwd, env, argv, pipe } = isolation;
  const gate = [gateScript, cwd, ...variables(env), '--', ...argv] as const;
  return [
    // In a session of its own it cannot put keystrokes into the terminal that mkbase runs on.
    ...(pipe === undefined ? [] : ['setsid']),
    ...limited(isolation),
    ...(kind === 'image' && ids !== undefined
      ? launchScript(
          becomeScript,
          ...asUser(isolation),
          shell,
          '-uc',
          gate[0],
          'mkbase',
          ...gate.slice(1),
        )
      : [...unprivileged(isolation), ...launchScript(...gate)]),
  ];
}

/** Makes the command that becomes the door, as a shell reads it; nothing where there is none. */
function doorLine(isolation: Isolation): string {
  const { door, cwd, env } = isolation;
  if (door === undefined) return '';
  const gate = [doorScript, cwd, ...variables(env), '--', ...door] as const;
  return shellLine([
    // A shell that starts a program beside itself lets it ignore these, and no shell below may change that.
    ...['env', '--default-signal=INT,QUIT'],
    ...limited(isolation),
    ...unprivileged(isolation),
    ...launchScript(...gate),
  ]);
}

/**
 * Makes the command that runs a program in namespaces of its own, with a root file system, a network
 * that leads nowhere, no privileges and nothing of the host. `outer` is an id as `outerId` gives it.
 * The command is to be stopped with SIGKILL, and dies with mkbase.
 */
export function isolate(isolation: Isolation, outer: number | undefined): Command {
  const { folder, kind, writesTo, memoryFolderBytes, pipe, capabilities, groups, filters } =
    isolation;
  const walls = launcherFormat(policyFor({ mounts: mayMount(capabilities) }), filters);
  return {
    file: shell,
    cwd: folder,
    env: { PATH: toolPath },
    cleanEnv: true,
    killSignal: 'SIGKILL',
    onlyStandardStreams: true,
    args: [
      ...['-euc', enterScript, 'mkbase', pipe ?? '', ...groups, '--'],
      ...outerNamespaces(isolation, outer),
      ...runScript(
        prepareScript,
        treeFolder,
        kind === 'image' ? imageWords[writesTo] : kind,
        String(memoryFolderBytes),
        walls,
      ),
      ...innerNamespaces(isolation),
      ...backToHostRoot,
      ...runScript(waitScript, doorLine(isolation)),
      ...program(isolation),
    ],
  };
}
