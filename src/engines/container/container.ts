import { setTimeout } from 'node:timers/promises';
import type { Command } from '../../base/run-command/command.ts';
import { ownedName } from '../../store/owner.ts';
import type { Cli } from './cli.ts';

/** A container about to be started by a CLI, and the way to stop it. */
export interface Container {
  /** Tells who started it (store/owner.ts), so that a later run can remove what a killed one left. */
  readonly name: string;
  /** The CLI's command; stopping it removes the container, which would outlive its CLI. */
  command(args: readonly string[]): Command;
  /** Removes the container should it still be there; never throws. */
  remove(): Promise<void>;
}

/** docker's CLI hands the host's proxies, which may hold passwords, on to every container. */
export const withoutProxies: Readonly<Record<string, undefined>> = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY']
    .flatMap((name) => [name, name.toLowerCase()])
    .map((name) => [name, undefined]),
);

const pauseMilliseconds = 100;
/** Stopping must come to an end even when the daemon does not answer. */
const answerSeconds = 20;

/** Runs a command on a container; whether it did something, which both CLIs show by its name. */
async function did(cli: Cli, args: readonly string[], name: string): Promise<boolean> {
  const signal = AbortSignal.timeout(answerSeconds * 1000);
  const result = await cli.run([...args, name], { signal }).catch(() => undefined);
  return result?.ok === true && result.stdout.trim() !== '';
}

/** The engine may still be creating the container, so one that is not there yet is waited for. */
async function kill(cli: Cli, name: string, ended: AbortSignal): Promise<void> {
  while (!ended.aborted && !(await did(cli, cli.dialect.killArguments, name))) {
    await setTimeout(pauseMilliseconds);
  }
}

/** A file system of a container can be busy for a moment after its last process. */
const removalAttempts = 10;

/** Removes a container, again where the engine fails at it; one that is not there is removed. */
async function remove(cli: Cli, name: string): Promise<void> {
  for (let attempt = 1; attempt <= removalAttempts; attempt++) {
    const signal = AbortSignal.timeout(answerSeconds * 1000);
    const args = [...cli.dialect.removeArguments, name];
    const result = await cli.run(args, { signal }).catch(() => undefined);
    if (result?.ok !== false || /no such container|no container with/i.test(result.stderr)) return;
    await setTimeout(pauseMilliseconds);
  }
}

/** Names a container; nothing is started yet. */
export async function newContainer(cli: Cli): Promise<Container> {
  const name = await ownedName();
  return {
    name,
    command: (args) => ({
      file: cli.dialect.name,
      args,
      env: withoutProxies,
      stop: (ended) => kill(cli, name, ended),
    }),
    remove: () => remove(cli, name),
  };
}
