import { setTimeout } from 'node:timers/promises';
import type { Cli } from './cli.ts';

/** Milliseconds between two looks: a look takes the engine some milliseconds for each thousand files. */
const pauseMilliseconds = 2000;

/** A look from time to time at what a container writes to its root. */
export interface SizeWatch {
  /** Tells whether the container was stopped for what it wrote. */
  exceeded(): boolean;
  /** Ends the watch; resolves when it has ended. */
  end(): Promise<void>;
}

/** Asks for the bytes that a container has written to its root; undefined when it is not there. */
async function writtenBytes(cli: Cli, name: string, signal: AbortSignal) {
  const format = ['--size', '--format', '{{.SizeRw}}'];
  const result = await cli
    .run(['container', 'inspect', ...format, name], { signal })
    .catch(() => undefined);
  const bytes = Number.parseInt(result?.ok ? result.stdout : '', 10);
  return Number.isNaN(bytes) ? undefined : bytes;
}

/**
 * Calls `stop` once the container `name` has written more than `mostBytes` to its root, which neither
 * docker nor podman can limit on every file system. It sees more than that for as long as two seconds.
 */
export function watchSize(
  cli: Cli,
  name: string,
  mostBytes: number,
  stop: () => Promise<void>,
  pause = pauseMilliseconds,
): SizeWatch {
  const ending = new AbortController();
  const { signal } = ending;
  let exceeded = false;
  async function watch(): Promise<void> {
    while (!signal.aborted && !exceeded) {
      await setTimeout(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      exceeded = ((await writtenBytes(cli, name, signal)) ?? 0) > mostBytes;
    }
    if (exceeded) await stop();
  }
  const watching = watch();
  return {
    exceeded: () => exceeded,
    async end() {
      ending.abort();
      await watching;
    },
  };
}
