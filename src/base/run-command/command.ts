import type { Result } from 'execa';

/** A program and its arguments; nothing is ever handed to a shell. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /**
   * Added to mkbase's own environment; with `cleanEnv` it is the whole environment. A variable whose
   * value is undefined is left out.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cleanEnv?: boolean;
  readonly cwd?: string;
  /**
   * Goes to stdin; without it stdin is empty. A chunk's memory may be used anew once the next is
   * asked for. When it throws, the command is stopped.
   */
  readonly input?: AsyncIterable<Uint8Array> | string;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /**
   * Keeps from the program every other descriptor that mkbase was started with: behind walls, a
   * descriptor of a folder outside would be a way out.
   */
  readonly onlyStandardStreams?: boolean;
  /** Stops the program; SIGTERM when left out, and SIGKILL follows after five seconds. */
  readonly killSignal?: 'SIGTERM' | 'SIGKILL';
  /**
   * Stops what the command started elsewhere, for instance a container, which outlives its CLI.
   * Called at most once, in place of the kill signal; the command ends because that has gone, and
   * `ended` then says so. Never rejects.
   */
  readonly stop?: (ended: AbortSignal) => Promise<void>;
  /**
   * Milliseconds for a program that leaves a mess when it is killed in the middle of its work: once
   * it was sent all of its input, it may take so long to finish. The terminal's Ctrl-C does not
   * reach it.
   */
  readonly patience?: number;
}

/**
 * The end of a command; success and failure share this shape, and nothing here throws for a
 * failure.
 */
export interface CommandResult {
  /** The command as a person would type it, quoted. */
  readonly command: string;
  readonly ok: boolean;
  /** Undefined when the program did not start or was killed by a signal. */
  readonly exitCode: number | undefined;
  readonly killedBy: string | undefined;
  readonly timedOut: boolean;
  /** The program is not installed. */
  readonly notFound: boolean;
  /** The first 1 MiB, as UTF-8. */
  readonly stdout: string;
  readonly stderr: string;
  /** One line for messages that says what went wrong. Empty when `ok`. */
  readonly problem: string;
}

/** Returns whether a program failed; one that was to be stopped when it had done its work did not. */
const hasFailed = ({ failed, isCanceled, exitCode }: Result): boolean =>
  failed && !(isCanceled && exitCode === 0);

/** Makes a result of what execa reports and of the output that was read beside it. */
export function commandResult(
  result: Result,
  output: { readonly stdout: string; readonly stderr: string },
  timedOut: boolean,
): CommandResult {
  return {
    command: result.escapedCommand,
    ok: !hasFailed(result) && !timedOut,
    exitCode: result.exitCode,
    killedBy: result.signal,
    timedOut,
    notFound: result.code === 'ENOENT',
    ...output,
    problem: timedOut ? 'it took too long and was stopped' : problemOf(result),
  };
}

function problemOf(result: Result): string {
  if (!hasFailed(result)) return '';
  if (result.code === 'ENOENT') return 'it is not installed';
  if (result.signal !== undefined) return `it was stopped by ${result.signal}`;
  if (result.exitCode !== undefined) return `it ended with exit code ${result.exitCode}`;
  return result.originalMessage ?? result.shortMessage ?? 'it could not be started';
}
