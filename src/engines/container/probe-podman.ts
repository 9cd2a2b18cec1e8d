import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import { ownUser } from '../../base/host.ts';
import { hostPlatformNames } from '../../base/platform.ts';
import type { CommandResult } from '../../base/run-command/command.ts';
import { runCommand } from '../../base/run-command.ts';
import { openWorkspace } from '../../store/workspace.ts';
import type { Probe, Refusal } from '../engine.ts';
import { lastLine } from './cli.ts';
import { containerEngine } from './container-engine.ts';
import { otherMachine, podmanCures } from './cures.ts';
import { type EngineFacts, podman } from './dialect.ts';

/**
 * The part of `podman version --format json` that is read. `Server` is there when podman works
 * remotely.
 */
interface Version {
  readonly Client?: { readonly Version?: string; readonly OsArch?: string };
  readonly Server?: { readonly Version?: string; readonly OsArch?: string };
}

/** The part of `podman info --format json` that is read. */
interface Info {
  readonly host?: {
    readonly cgroupControllers?: readonly string[] | null;
    readonly security?: { readonly rootless?: boolean };
  };
}

const probeSeconds = 10;
const oldestMajor = 4;

/** Says why a call of podman failed. */
export function podmanRefusal(result: CommandResult, cures = podmanCures()): Refusal {
  if (result.notFound) {
    return {
      reason: 'the podman command is not installed',
      cure: cures.install,
    };
  }
  if (result.timedOut) {
    return {
      reason: `podman did not answer within ${probeSeconds} seconds`,
      cure: cures.start,
    };
  }
  return {
    reason: lastLine(result.stderr) || result.problem,
    cure: cures.permit,
  };
}

/** Reads what podman says of itself. `info` is left out where its limits need no asking. */
export function readPodmanFacts(version: string, info?: string): EngineFacts | Refusal {
  const { Client, Server } = JSON.parse(version) as Version;
  const about = Server ?? Client;
  const number = about?.Version ?? '0';
  if (Number.parseInt(number, 10) < oldestMajor) {
    return {
      reason: `it is version ${number}; mkbase needs ${oldestMajor}.0 or newer`,
      cure: 'Upgrade podman.',
    };
  }
  const host = info === undefined ? undefined : (JSON.parse(info) as Info).host;
  const controllers = info === undefined ? undefined : (host?.cgroupControllers ?? []);
  const platform = hostPlatformNames.find((name) => name === about?.OsArch);
  if (platform === undefined) return otherMachine(about?.OsArch);
  return {
    description: `podman ${number}`,
    platform,
    limitsMemory: controllers?.includes('memory') ?? true,
    limitsProcesses: controllers?.includes('pids') ?? true,
    // A server elsewhere would look for the profile among its own files.
    filtersCalls: Server === undefined,
    inUserNamespace: host?.security?.rootless === true,
  };
}

/** The exit code of podman when a container stood and only its program was missing (podman-run(1)). */
const programMissing = 127;

/** Says why an empty container did not get as far as its missing program, if it did not. */
export function trialRefusal(result: CommandResult): Refusal | undefined {
  if (result.exitCode === programMissing || result.timedOut) return undefined;
  return {
    reason: `it cannot start a container (${lastLine(result.stderr) || result.problem})`,
    cure: 'See what `podman run` says of any image; inside a container, run that one with --privileged.',
  };
}

type Call = (...args: string[]) => Promise<CommandResult>;

/** Starts a container on an empty folder, which needs no image. */
async function trial(call: Call, cache: string): Promise<Refusal | undefined> {
  const workspace = await openWorkspace(join(cache, 'tmp')).catch(() => undefined);
  // Without a cache nothing can be built; the one that needs it says so, and better.
  if (workspace === undefined) return undefined;
  const options = ['--rm', '--network', 'none', '--log-driver', 'none', '--http-proxy=false'];
  try {
    return trialRefusal(await call('run', ...options, '--rootfs', workspace.folder, '/mkbase'));
  } finally {
    await workspace.dispose();
  }
}

/**
 * Asks whether podman can work here. `version` alone would say yes to a podman that cannot open its
 * store, and both to one whose containers do not start, as inside many containers. Which limits an
 * ordinary user's podman can set only `info` knows, which takes a third of a second; root's can set
 * all. A remote podman is not tried: its server sees no folder of this machine. `cache` is the cache
 * folder.
 */
export async function probePodman(cache: string, { signal }: Io): Promise<Probe> {
  const call = (...args: string[]) =>
    runCommand({ file: podman.name, args, timeoutSeconds: probeSeconds, signal });
  const rootful = ownUser() === 0;
  const [version, works] = await Promise.all([
    call('version', '--format', 'json'),
    rootful ? call('ps', '--quiet') : call('info', '--format', 'json'),
  ]);
  const failed = [version, works].find(({ ok }) => !ok);
  const facts = failed
    ? podmanRefusal(failed)
    : readPodmanFacts(version.stdout, rootful ? undefined : works.stdout);
  const local =
    !('reason' in facts) && (JSON.parse(version.stdout) as Version).Server === undefined;
  const answer = (local && (await trial(call, cache))) || facts;
  return 'reason' in answer
    ? { name: 'podman', ok: false, ...answer }
    : { name: 'podman', ok: true, engine: containerEngine(podman, answer, cache) };
}
