import { constants } from 'node:os';
import { MkbaseError } from '../base/errors.ts';
import type { CommandResult } from '../base/run-command/command.ts';
import type { RunResult } from './engine.ts';

/** The exit code of timeout(1) when the time is up. */
const timeoutExitCode = 124;

function exitCodeOf({ exitCode, timedOut, killedBy }: CommandResult): number {
  if (timedOut) return timeoutExitCode;
  // As shells number an end by signal.
  return exitCode ?? 128 + (constants.signals[killedBy as NodeJS.Signals] ?? 0);
}

/** Makes the result of a run from the end of the command that stood for the image's program. */
export function runResult(result: CommandResult): RunResult {
  const { stdout, stderr, timedOut } = result;
  return { exitCode: exitCodeOf(result), stdout, stderr, timedOut };
}

/** Makes the error of an image that names no program, where no other was asked for. */
export const nothingToRun = (cause?: unknown): MkbaseError =>
  new MkbaseError({
    code: 'ENGINE_FAILED',
    message: 'The image has neither an entrypoint nor a command, so there is nothing to run.',
    hint: 'Name a program on the command line, or give the recipe image.entrypoint or image.cmd.',
    cause,
  });
