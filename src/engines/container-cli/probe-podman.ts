import type { Io } from '../../events.ts';
import { type PlatformName, platformNames } from '../../platform.ts';
import { type CommandResult, runCommand } from '../../run-command.ts';
import type { Probe } from '../engine.ts';
import { containerEngine } from './container-cli.ts';
import type { EngineFacts } from './dialect.ts';
import { podman } from './podman.ts';

type Refusal = Pick<Extract<Probe, { ok: false }>, 'reason' | 'cure'>;

/** What of `podman version --format json` is read. `Server` is there when podman works remotely. */
interface Version {
  readonly Client?: { readonly Version?: string; readonly OsArch?: string };
  readonly Server?: { readonly Version?: string; readonly OsArch?: string };
}

/** What of `podman info --format json` is read. */
interface Info {
  readonly host?: { readonly cgroupControllers?: readonly string[] | null };
}

const probeSeconds = 10;
const oldestMajor = 4;

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';

/** Why a call of podman failed. */
export function podmanRefusal(result: CommandResult): Refusal {
  if (result.notFound) {
    return {
      reason: 'the podman command is not installed',
      cure: 'Install podman (on Debian and Ubuntu: sudo apt-get install podman uidmap).',
    };
  }
  if (result.timedOut) {
    return {
      reason: `podman did not answer within ${probeSeconds} seconds`,
      cure: 'Look after it with `podman info`.',
    };
  }
  return {
    reason: lastLine(result.stderr) || result.problem,
    cure: 'See that `podman info` works; rootless podman needs uidmap and a range in /etc/subuid and /etc/subgid.',
  };
}

/** What podman says of itself. `info` is left out where its limits need no asking. */
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
  const controllers =
    info === undefined ? undefined : ((JSON.parse(info) as Info).host?.cgroupControllers ?? []);
  const platform = platformNames.find((name): name is PlatformName => name === about?.OsArch);
  return {
    description: `podman ${number}`,
    platform,
    limitsMemory: controllers?.includes('memory') ?? true,
    limitsProcesses: controllers?.includes('pids') ?? true,
  };
}

/**
 * Asks whether podman can work here. `version` alone would say yes to a podman that cannot open its
 * store. Which limits an ordinary user's podman can set only `info` knows, which takes a third of a
 * second; root's can set all.
 */
export async function probePodman({ signal }: Io): Promise<Probe> {
  const call = (...args: string[]) =>
    runCommand({ file: podman.name, args, timeoutSeconds: probeSeconds, signal });
  const rootful = process.getuid?.() === 0;
  const [version, works] = await Promise.all([
    call('version', '--format', 'json'),
    rootful ? call('ps', '--quiet') : call('info', '--format', 'json'),
  ]);
  const failed = [version, works].find(({ ok }) => !ok);
  const answer = failed
    ? podmanRefusal(failed)
    : readPodmanFacts(version.stdout, rootful ? undefined : works.stdout);
  return 'reason' in answer
    ? { name: 'podman', ok: false, ...answer }
    : { name: 'podman', ok: true, engine: containerEngine(podman, answer) };
}
