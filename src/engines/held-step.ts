import { interrupted, MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { type Hold, heldCode } from './hold.ts';

/** Opens a shell where a step has stopped. */
export interface Entrance {
  /**
   * Runs the hold's program on mkbase's own terminal; resolves to its exit code. `ended` resolves when the
   * step's command has ended, to its exit code. Errors: ENGINE_FAILED, INTERRUPTED.
   */
  enter(hold: Hold, ended: Promise<number>, io: Io): Promise<number>;
}

/** The step's own errors, by which it is told why it stopped. */
export interface StepErrors {
  /** Makes the error of a step that ended with `exitCode`; `log` is the end of its log. */
  failed(exitCode: number, log: string): Promise<MkbaseError>;
  /** Makes the error of a step that took too long; `log` is the end of its log. */
  tooLong(log: string): MkbaseError;
}

/** A step that may stop to be entered. */
export interface HeldStep {
  /** Ends the step's command: when it took too long, and when its shell was left. */
  readonly signal: AbortSignal;
  /** Takes a line of the log; true for the one that says that the step has stopped. */
  takes(line: string): boolean;
  /**
   * Waits for the command, and for the shell if one was opened. Resolves to undefined where a shell was left
   * that no failure had opened; rejects with the failure of one that had.
   */
  settle<T>(piping: Promise<T>, exitCode: (value: T) => number): Promise<T | undefined>;
}

const tailLines = 40;

/** Ends the command of a step whose shell was left. */
const left = new MkbaseError({ code: 'INTERRUPTED', message: 'The shell was left.' });

/** Watches a step's log, and opens the shell once the step says that it has stopped. */
export function heldStep(
  hold: Hold,
  { enter }: Entrance,
  errors: StepErrors,
  seconds: number,
  io: Io,
): HeldStep {
  const ending = new AbortController();
  let tellEnd = (_exitCode: number) => {};
  const ended = new Promise<number>((resolve) => {
    tellEnd = resolve;
  });
  const tail: string[] = [];
  const late = () => ending.abort(errors.tooLong(tail.join('\n')));
  const timer = setTimeout(late, seconds * 1000);
  let entered: Promise<void> | undefined;
  let failure: MkbaseError | undefined;

  async function open(code: number): Promise<void> {
    let exitCode = 1;
    try {
      if (code !== 0) failure = await errors.failed(code, tail.join('\n'));
      await hold.before(failure);
      exitCode = await enter(hold, ended, io);
    } finally {
      hold.after(exitCode);
      ending.abort(left);
    }
  }

  return {
    signal: AbortSignal.any([io.signal, ending.signal]),
    takes(line) {
      const code = entered === undefined ? heldCode(line, hold.when) : undefined;
      if (code === undefined) {
        tail.push(line);
        if (tail.length > tailLines) tail.shift();
        return false;
      }
      clearTimeout(timer);
      entered = open(code);
      entered.catch(() => undefined);
      return true;
    },
    async settle(piping, exitCode) {
      try {
        const value = await piping;
        tellEnd(exitCode(value));
        if (entered === undefined) return value;
      } catch (error) {
        tellEnd(1);
        if (entered === undefined) throw error;
      } finally {
        clearTimeout(timer);
      }
      await entered.catch((error: unknown) => {
        throw io.signal.aborted ? interrupted(io.signal) : (failure ?? error);
      });
      if (io.signal.aborted) throw interrupted(io.signal);
      if (failure !== undefined) throw failure;
      return undefined;
    },
  };
}
