import { constants } from 'node:os';
import type { CommandResult } from '../base/run-command/command.ts';
import type { RunResult } from './engine.ts';

/** What timeout(1) ends with when the time is up. */
const timeoutExitCode = 124;

function exitCodeOf({ exitCode, timedOut, killedBy }: CommandResult): number {
  if (timedOut) return timeoutExitCode;
  // As shells number an end by signal.
  return exitCode ?? 128 + (constants.signals[killedBy as NodeJS.Signals] ?? 0);
}

/** How a command that stood for an image's program ended. */
export function runResult(result: CommandResult): RunResult {
  const { stdout, stderr, timedOut } = result;
  return { exitCode: exitCodeOf(result), stdout, stderr, timedOut };
}
