import type { Io } from '../../base/events.ts';
import { hostPlatformNames, platforms } from '../../base/platform.ts';
import type { CommandResult } from '../../base/run-command/command.ts';
import { runCommand } from '../../base/run-command.ts';
import type { Probe, Refusal } from '../engine.ts';
import { isOnPath } from '../on-path.ts';
import type { Surroundings } from '../surroundings.ts';
import { lastLine } from './cli.ts';
import type { Client } from './client.ts';
import { containerEngine } from './container-engine.ts';
import { dockerCures, otherMachine } from './cures.ts';
import { docker, type EngineFacts } from './dialect.ts';
import { localEndpoint } from './socket/endpoint.ts';
import { askSocket } from './socket/request.ts';
import { socketClient } from './socket/socket-client.ts';

/** The part of `docker info --format '{{json .}}'` that is read (Engine API, SystemInfo). */
interface Info {
  readonly ServerVersion?: string;
  readonly OSType?: string;
  readonly Architecture?: string;
  readonly MemoryLimit?: boolean;
  readonly PidsLimit?: boolean;
  readonly SecurityOptions?: readonly string[] | null;
  readonly ClientInfo?: { readonly Context?: string };
}

/** A daemon that does not answer must not hold up a build that another engine could do. */
const probeSeconds = 10;
const oldest = [20, 10] as const;

/** Says why `docker info` failed. */
export function dockerRefusal(result: CommandResult, cures = dockerCures()): Refusal {
  if (result.notFound) {
    return {
      reason: 'the docker command is not installed',
      cure: cures.install,
    };
  }
  if (result.timedOut) {
    return {
      reason: `the daemon did not answer within ${probeSeconds} seconds`,
      cure: 'Look after it with `docker info`, or choose another with DOCKER_HOST or `docker context use`.',
    };
  }
  const reason = lastLine(result.stderr) || result.problem;
  if (/permission denied/i.test(reason)) {
    return {
      reason: 'you are not permitted to use the Docker daemon',
      cure: cures.permit,
    };
  }
  return {
    reason,
    cure: cures.start,
  };
}

function parseInfo(text: string): Info {
  try {
    return JSON.parse(text) as Info;
  } catch {
    return {};
  }
}

/** Security options of a daemon of an ordinary user, and of one that was told `userns-remap`. */
const userNamespaces = /^name=(rootless|userns)\b/;

/** The security option of a daemon that takes profiles of system calls. */
const seccomp = /^name=seccomp\b/;

/** Finds the platform of a machine as Linux names its processor (uname(2)), which is how GNU's triplets begin. */
const platformOfMachine = (machine = ''): EngineFacts['platform'] | undefined =>
  hostPlatformNames.find((name) => platforms[name].gnu.startsWith(`${machine}-`));

/**
 * Reads what `docker info` prints, or what the daemon says itself to a client that chose it by `context`; or
 * says why that engine cannot be used.
 */
export function readDockerInfo(text: string, context?: string): EngineFacts | Refusal {
  const info = parseInfo(text);
  const version = info.ServerVersion;
  if (!version) {
    return {
      reason: 'the docker command here is not Docker (podman has one like it)',
      cure: 'Use --engine podman, or install Docker.',
    };
  }
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    return {
      reason: `its daemon is version ${version}; mkbase needs ${oldest.join('.')} or newer`,
      cure: 'Upgrade Docker.',
    };
  }
  if (info.OSType !== 'linux') {
    return {
      reason: `its daemon runs ${info.OSType} containers`,
      cure: 'Use one for Linux; Docker Desktop on Windows can be switched to Linux containers.',
    };
  }
  const platform = platformOfMachine(info.Architecture);
  if (platform === undefined) return otherMachine(info.Architecture);
  return {
    description: `docker ${version} (context ${context ?? info.ClientInfo?.Context ?? 'default'})`,
    platform,
    limitsMemory: info.MemoryLimit === true,
    limitsProcesses: info.PidsLimit === true,
    filtersCalls: info.SecurityOptions?.some((option) => seccomp.test(option)) ?? false,
    inUserNamespace: info.SecurityOptions?.some((option) => userNamespaces.test(option)) ?? false,
  };
}

/** The newest version of the API that mkbase was tried with. */
const newestApi = '1.51';

const older = (a: string, b: string): string =>
  a.localeCompare(b, 'en', { numeric: true }) < 0 ? a : b;

/** Asks the daemon that the CLI would ask on its socket; undefined where only the CLI can tell. */
async function askDaemon(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<{ readonly facts: EngineFacts; readonly client: Client } | undefined> {
  const endpoint = await localEndpoint(env);
  if (endpoint === undefined) return undefined;
  const { socket, context } = endpoint;
  const ask = (path: string) => askSocket(socket, { method: 'GET', path }, signal);
  const { headers } = await ask('/_ping');
  const offered = headers['api-version'];
  // podman has a socket that is like Docker's, and answers in its own way.
  if (typeof offered !== 'string' || 'libpod-api-version' in headers) return undefined;
  const version = older(offered, newestApi);
  const { status, text } = await ask(`/v${version}/info`);
  const facts = status === 200 ? readDockerInfo(text, context) : undefined;
  if (facts === undefined || 'reason' in facts) return undefined;
  return { facts, client: socketClient({ socket, version }) };
}

/**
 * Asks whether Docker can work here: the daemon itself where it is on this machine, and else its CLI, which
 * knows all other ways to one. Containers are started by the CLI, so that has to be there as well.
 */
export async function probeDocker({ cache, env }: Surroundings, { signal }: Io): Promise<Probe> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(probeSeconds * 1000)]);
  const told = (await isOnPath(docker.name, env.PATH ?? ''))
    ? await askDaemon(env, limited).catch(() => undefined)
    : undefined;
  if (told !== undefined) {
    const engine = containerEngine(docker, told.facts, cache, told.client);
    return { name: docker.name, ok: true, engine };
  }
  const result = await runCommand({
    file: docker.name,
    args: ['info', '--format', '{{json .}}'],
    timeoutSeconds: probeSeconds,
    signal,
  });
  const answer = result.ok ? readDockerInfo(result.stdout) : dockerRefusal(result);
  return 'reason' in answer
    ? { name: docker.name, ok: false, ...answer }
    : { name: docker.name, ok: true, engine: containerEngine(docker, answer, cache) };
}
