import { setTimeout } from 'node:timers/promises';
import type { Command } from '../../run-command.ts';
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
const withoutProxies = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY']
    .flatMap((name) => [name, name.toLowerCase()])
    .map((name) => [name, undefined]),
);

const attempts = 50;
const pauseMilliseconds = 100;
/** Stopping must come to an end even when the daemon does not answer. */
const removeSeconds = 20;

/** Whether it was there and is gone: both CLIs then print its name. */
async function removed(cli: Cli, name: string): Promise<boolean> {
  const signal = AbortSignal.timeout(removeSeconds * 1000);
  const result = await cli
    .run(['rm', ...cli.dialect.removeOptions, name], { signal })
    .catch(() => undefined);
  return result !== undefined && result.stdout.trim() !== '';
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
      // The engine may still be creating it, so one that is not there yet is waited for.
      async stop() {
        for (let attempt = 0; attempt < attempts; attempt += 1) {
          if (await removed(cli, name)) return;
          await setTimeout(pauseMilliseconds);
        }
      },
    }),
    async remove() {
      await removed(cli, name);
    },
  };
}
