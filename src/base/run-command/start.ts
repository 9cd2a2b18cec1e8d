import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Options, ResultPromise } from 'execa';
import { interrupted } from '../errors.ts';
import { type Command, type CommandResult, commandResult } from './command.ts';
import { feed } from './feed.ts';
import { inheritedDescriptors } from './inherited-descriptors.ts';

const killDelay = 5000;
/** A CLI whose container has gone has nothing left to do. */
const endDelay = 500;

/** A program that was started. */
export interface Running {
  readonly child: ResultPromise;
  /** Stops the program; calling it again does nothing. */
  halt(): void;
  /** Waits for the end. Throws INTERRUPTED when stopped by `signal`, and what `input` threw. */
  settle(output: { readonly stdout: string; readonly stderr: string }): Promise<CommandResult>;
}

/** Puts `nothing` in the place of every inherited descriptor; `ignore` lets one be as it is. */
function covers(nothing: number): (number | 'ignore')[] {
  const inherited = new Set(inheritedDescriptors());
  const beyond = Math.max(2, ...inherited) - 2;
  return Array.from({ length: beyond }, (_, at) => (inherited.has(at + 3) ? nothing : 'ignore'));
}

/** Starts a program; `streams` is what its stdout and stderr are, and `inherit` means stdin, too. */
export async function start(command: Command, streams: 'pipe' | 'inherit'): Promise<Running> {
  const { execa } = await import('execa');
  if (command.signal?.aborted) throw interrupted(command.signal);
  const halting = new AbortController();
  const stages: Stages = { halting: halting.signal, fed: false, ended: new AbortController() };
  const empty = command.input === undefined ? 'ignore' : 'pipe';
  const nothing = command.onlyStandardStreams ? openSync(devNull, 'r') : undefined;
  const beyond = nothing === undefined ? [] : covers(nothing);
  const child = execa(command.file, command.args, {
    reject: false,
    buffer: false,
    cleanup: command.patience === undefined,
    detached: command.patience !== undefined,
    extendEnv: !command.cleanEnv,
    ...(command.env && { env: command.env }),
    ...(command.cwd && { cwd: command.cwd }),
    stdio: [streams === 'pipe' ? empty : streams, streams, streams, ...beyond],
    cancelSignal: killing(command, stages),
    // Execa sends it when mkbase itself ends, too, and a CLI passes SIGTERM on to its container.
    killSignal: command.killSignal ?? 'SIGTERM',
    forceKillAfterDelay: command.stop === undefined ? killDelay : 0,
  } as Options) as ResultPromise;
  if (nothing !== undefined) closeSync(nothing);
  void child.finally(() => stages.ended.abort());
  return govern(command, child, halting, stages);
}

/** The stages of a program that runs. */
interface Stages {
  /** Aborted when the program has to stop, for whichever reason. */
  readonly halting: AbortSignal;
  /** All of its input was sent. */
  fed: boolean;
  /** Aborted when it has ended. */
  readonly ended: AbortController;
}

/**
 * Returns the signal on which execa kills the program. That is when it has to stop, or later for a
 * command with `patience` or a `stop` of its own, of which execa knows nothing.
 */
function killing({ patience, stop }: Command, stages: Stages): AbortSignal {
  if (patience === undefined && stop === undefined) return stages.halting;
  const kill = new AbortController();
  const { signal } = stages.ended;
  const wait = (milliseconds: number) => pause(milliseconds, undefined, { signal });
  const stopGently = async () => {
    if (patience !== undefined && stages.fed) await wait(patience);
    if (stop !== undefined) {
      await Promise.race([wait(killDelay), stop(signal).then(() => wait(endDelay))]);
    }
    kill.abort();
  };
  const haveEnded = () => {};
  stages.halting.addEventListener('abort', () => void stopGently().catch(haveEnded), {
    once: true,
  });
  return kill.signal;
}

/**
 * Stops the program when its time is over, its signal aborts or its input fails. The timer is our
 * own, since execa's `timeout` would kill the program in place of `stop`.
 */
function govern(
  command: Command,
  child: ResultPromise,
  halting: AbortController,
  stages: Stages,
): Running {
  const { signal, timeoutSeconds } = command;
  const halt = () => halting.abort();
  let timedOut = false;
  const expire = () => {
    timedOut = true;
    halt();
  };
  const timer =
    timeoutSeconds === undefined ? undefined : setTimeout(expire, timeoutSeconds * 1000);
  signal?.addEventListener('abort', halt, { once: true });
  let inputFailure: { readonly error: unknown } | undefined;
  feed(command.input, child).then(
    () => {
      stages.fed = true;
    },
    (error: unknown) => {
      inputFailure = { error };
      halt();
    },
  );
  return {
    child,
    halt,
    async settle(output) {
      const result = await child;
      clearTimeout(timer);
      signal?.removeEventListener('abort', halt);
      if (signal?.aborted) throw interrupted(signal);
      if (inputFailure !== undefined) throw inputFailure.error;
      return commandResult(result, output, timedOut);
    },
  };
}
