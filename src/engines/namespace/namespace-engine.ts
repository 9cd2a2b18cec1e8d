import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { type Host, host } from '../../base/host.ts';
import { hostPlatform } from '../../base/platform.ts';
import { runCommand } from '../../base/run-command.ts';
import { sweepWorkspaces } from '../../store/workspace.ts';
import type { Engine, Leftover, Probe, Refusal } from '../engine.ts';
import { warnOnce } from '../gaps.ts';
import { sweepControlGroups } from './cgroups/control-group.ts';
import { hierarchiesHere } from './cgroups/hierarchies.ts';
import { enforcementOf, gapsOf, imageGaps, stepGaps } from './gaps.ts';
import { outerId } from './ids.ts';
import { type Machine, machineHere } from './machine.ts';
import { openImage } from './open-image.ts';
import { runStep } from './run-step.ts';
import {
  addToolchain,
  hasToolchain,
  isAsMade,
  listToolchains,
  removeToolchains,
  toolchainFolder,
} from './toolchains.ts';
import { missingTools, toolPath } from './tools.ts';

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

/** Says why namespaces were refused; `read` gives a kernel setting's value. */
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

/** Makes the namespaces for a program that does nothing: only that shows that they are permitted. */
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

/** Returns the reason why this system has no namespaces; undefined for Linux. */
export const systemRefusal = ({ isLinux, system }: Host = host): Refusal | undefined =>
  isLinux
    ? undefined
    : {
        reason: `it is made of what Linux alone has, and this is ${system}`,
        cure: 'Use --engine docker or podman: their containers run in a Linux of their own.',
      };

/** Asks whether namespaces can be made here, by making them. */
export async function probeNamespace(cacheFolder: string, io: Io): Promise<Probe> {
  const refusal = systemRefusal() ?? (await missingTools()) ?? (await trial(io));
  return refusal === undefined
    ? { name: 'namespace', ok: true, engine: namespaceEngine(cacheFolder, await machineHere(io)) }
    : { name: 'namespace', ok: false, ...refusal };
}

/**
 * Makes the embedded engine: Linux namespaces through util-linux, as root or as an ordinary user,
 * with no daemon and no image store. Builders are folders below `cacheFolder`.
 */
export function namespaceEngine(cacheFolder: string, machine: Machine): Engine {
  /** Folders by toolchain key, and the sha256 of the tar that each was made of. */
  const checked = new Map<string, { readonly folder: string; readonly tree: string }>();
  const here = async () => ({ cacheFolder, machine, outer: await outerId() });
  const warn = warnOnce();
  return {
    name: 'namespace',
    description: 'Linux namespaces of this machine (no daemon)',
    platform: hostPlatform().name,
    gaps: gapsOf(machine),
    enforcement: enforcementOf(machine),
    async hasToolchain(toolchain, tree, io) {
      const held = await hasToolchain(cacheFolder, toolchain, tree, io);
      const folder = toolchainFolder(cacheFolder, toolchain);
      if (held) checked.set(toolchain.key, { folder, tree });
      else checked.delete(toolchain.key);
      return held;
    },
    async addToolchain(toolchain, tar, io, own) {
      const place = { cacheFolder, own };
      const made = await addToolchain(place, toolchain, tar, await outerId(), io);
      checked.set(toolchain.key, made);
      return made.tree;
    },
    async runStep(step, consume, io) {
      const { toolchain } = step;
      const builder = checked.get(toolchain.key);
      if (builder && (await isAsMade(builder.folder, builder.tree))) {
        warn(stepGaps(machine), 'build', io);
        return runStep(await here(), builder.folder, step, consume, io);
      }
      const message = `The namespace engine has no builder ${toolchain.name}.`;
      const hint = 'Run the same command again: it makes the builder anew.';
      throw new MkbaseError({ code: 'ENGINE_FAILED', message, hint });
    },
    openImage(image) {
      const opened = openImage(here, image);
      return {
        run(options, io) {
          // Who runs an image by hand can ask `mkbase doctor`; what a build runs, nobody watches.
          if (options.stdio === 'capture') warn(imageGaps(machine), 'test', io);
          return opened.run(options, io);
        },
        close: () => opened.close(),
      };
    },
    removeLeftovers: (now, io) => removeLeftovers(cacheFolder, now, io),
    listToolchains: () => listToolchains(cacheFolder),
    removeToolchains: (keep) => removeToolchains(cacheFolder, keep),
  };
}

/** Removes folders of runs that have ended, and control groups of those on this machine. */
async function removeLeftovers(cacheFolder: string, now: Date, io: Io): Promise<Leftover[]> {
  const folders = await sweepWorkspaces(join(cacheFolder, 'tmp'), now, io);
  const groups = await sweepControlGroups(await hierarchiesHere());
  return [
    ...folders.map((id) => ({ kind: 'folder' as const, id })),
    ...groups.map((id) => ({ kind: 'control group' as const, id })),
  ];
}
