import type { Io } from '../base/events.ts';
import type { Command, CommandResult } from '../base/run-command/command.ts';
import { type PipedResult, pipeCommand } from '../base/run-command.ts';
import { heldStep } from './held-step.ts';
import type { Step } from './step.ts';
import {
  failureOf,
  type Judge,
  killedExitCode,
  tookTooLong,
  wroteTooMuch,
} from './step-failure.ts';

/** Reads a step's output; `ended` says whether the step closed it rather than the reader. */
interface Tap {
  ended: boolean;
  read(stdout: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
}

function outputTap(step: Step): Tap {
  const { outputBytes } = step.limits;
  const tap: Tap = {
    ended: false,
    async *read(stdout) {
      let size = 0;
      for await (const chunk of stdout) {
        size += chunk.length;
        if (size > outputBytes) {
          throw wroteTooMuch(step);
        }
        yield chunk;
      }
      tap.ended = true;
    },
  };
  return tap;
}

/** Makes the end of a step that stopped with an exit code, as if it had ended. */
const stoppedWith = (command: Command, exitCode: number, stderr: string): CommandResult => ({
  command: command.file,
  ok: false,
  exitCode,
  killedBy: undefined,
  timedOut: false,
  notFound: false,
  stdout: '',
  stderr,
  problem: `it ended with exit code ${exitCode}`,
});

/** Watches for the moment at which a step that may be entered has stopped; undefined for any other. */
function holding(step: Step, command: Command, judge: Judge, io: Io) {
  const { hold, limits } = step;
  if (hold === undefined || judge.entrance === undefined) return undefined;
  const errors = {
    failed: (code: number, log: string) => failureOf(step, stoppedWith(command, code, log), judge),
    tooLong: (log: string) => tookTooLong(step, log),
  };
  return heldStep(hold, judge.entrance, errors, limits.seconds, io);
}

/**
 * Runs the command that an engine made of a step, and decides whose fault a failure was: the
 * engine's, the reader's, or the build's. A reader that fails at the
 * end of the stream is never the reason when the build failed too: it was cut short.
 */
export async function pipeStep<T>(
  step: Step,
  command: Command,
  consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>,
  judge: Judge,
  io: Io,
): Promise<T> {
  const tap = outputTap(step);
  const held = holding(step, command, judge, io);
  const ends = held
    ? { signal: held.signal }
    : { signal: io.signal, timeoutSeconds: step.limits.seconds };
  let consuming: Promise<T> | undefined;
  const piping = pipeCommand(
    { ...command, input: step.input, ...ends },
    (stdout) => {
      consuming = consume(tap.read(stdout));
      return consuming;
    },
    (line) => {
      if (held?.takes(line)) return;
      step.diagnosis?.take(line);
      io.emit({ type: 'log', stage: 'build', line });
    },
  );
  const piped = await (held?.settle(piping, ({ result }) => result.exitCode ?? 1) ?? piping);
  // The shell of a step was left that had come to its end.
  if (piped === undefined) return consuming as Promise<T>;
  return judged(step, piped, tap, judge);
}

/** Returns what was made of a step's output, or throws its failure. */
async function judged<T>(
  step: Step,
  { result, outcome }: PipedResult<T>,
  tap: Tap,
  judge: Judge,
): Promise<T> {
  if (result.timedOut) throw tookTooLong(step, result.stderr);
  if (!outcome.ok && !tap.ended) throw outcome.error;
  if (!result.ok) await endWith(step, result, judge);
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

/** Tells a step's exit code to whoever asked for it; else throws the failure. */
async function endWith(step: Step, result: CommandResult, judge: Judge): Promise<void> {
  const failure = await failureOf(step, result, judge);
  const { exitCode = killedExitCode } = result;
  const own = failure.code === 'BUILD_FAILED' && exitCode !== killedExitCode;
  if (step.ended === undefined || !own) throw failure;
  step.ended(exitCode);
}
