import { readFile } from 'node:fs/promises';
import type { Io } from '../../base/events.ts';
import { runCommand } from '../../base/run-command.ts';
import type { Probe } from '../engine.ts';
import { isInstalled } from './installed.ts';
import { toolPath } from './isolate.ts';
import { namespaceEngine } from './namespace.ts';
import { outerId } from './outer-id.ts';

/** What the scripts call, and the Debian package that each is in. */
const tools: Readonly<Record<string, string>> = {
  hostname: 'hostname',
  mkfifo: 'coreutils',
  mount: 'mount',
  pivot_root: 'util-linux',
  prlimit: 'util-linux',
  setpriv: 'util-linux',
  setsid: 'util-linux',
  sh: 'dash',
  umount: 'mount',
  unshare: 'util-linux',
};

type Refusal = Pick<Extract<Probe, { ok: false }>, 'reason' | 'cure'>;

async function missingTools(): Promise<Refusal | undefined> {
  const names = Object.keys(tools);
  const installed = await Promise.all(names.map(isInstalled));
  const missing = names.filter((_, at) => !installed[at]);
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((tool) => tools[tool]))].join(' ');
  return {
    reason: `it needs ${missing.join(', ')}, not found in ${toolPath}`,
    cure: `Install util-linux and its like (on Debian and Ubuntu: sudo apt-get install ${packages}).`,
  };
}

/** Settings that keep ordinary users from making user namespaces, and the value that does so. */
const switches = [
  { name: 'kernel.unprivileged_userns_clone', off: '0', on: '1' },
  { name: 'user.max_user_namespaces', off: '0', on: '15000' },
  { name: 'kernel.apparmor_restrict_unprivileged_userns', off: '1', on: '0' },
] as const;

const settingOf = (name: string) =>
  readFile(`/proc/sys/${name.replaceAll('.', '/')}`, 'latin1').then(
    (value) => value.trim(),
    () => undefined,
  );

/** Why namespaces were refused; `read` gives a kernel setting's value. */
export async function namespaceRefusal(
  stderr: string,
  read: (name: string) => Promise<string | undefined> = settingOf,
): Promise<Refusal> {
  for (const { name, off, on } of switches) {
    if ((await read(name)) !== off) continue;
    return {
      reason: `this system forbids user namespaces (${name} is ${off})`,
      cure: `Permit them: sudo sysctl -w ${name}=${on}.`,
    };
  }
  if (/unrecognized option/.test(stderr)) {
    return { reason: 'its util-linux is too old', cure: 'Upgrade util-linux to 2.35 or newer.' };
  }
  return {
    reason: `this system refuses a user namespace (${stderr.trim().split('\n').at(-1)})`,
    cure: 'Inside a container, run that one with --privileged, or with seccomp=unconfined and systempaths=unconfined.',
  };
}

/** Makes the namespaces for a program that does nothing: whether they are permitted only that shows. */
async function trial({ signal }: Io): Promise<Refusal | undefined> {
  const outer = await outerId();
  const identity =
    outer === undefined ? [] : [`--reuid=${outer}`, `--regid=${outer}`, '--clear-groups'];
  const result = await runCommand({
    file: 'setpriv',
    args: [
      ...[...identity, '--pdeathsig', 'KILL', 'unshare', '--user', '--map-root-user'],
      ...['--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup', '--fork', '--kill-child'],
      ...['--mount-proc', 'unshare', '--root=/', '--wd=/', 'true'],
    ],
    env: { PATH: toolPath },
    cleanEnv: true,
    cwd: '/',
    killSignal: 'SIGKILL',
    timeoutSeconds: 10,
    signal,
  });
  return result.ok ? undefined : namespaceRefusal(result.stderr || result.problem);
}

/** Asks whether namespaces can be made here, by making them. */
export async function probeNamespace(cacheFolder: string, io: Io): Promise<Probe> {
  const refusal = (await missingTools()) ?? (await trial(io));
  return refusal === undefined
    ? { name: 'namespace', ok: true, engine: namespaceEngine({ cacheFolder }) }
    : { name: 'namespace', ok: false, ...refusal };
}
