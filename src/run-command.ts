import { execa, type Options, type ResultPromise } from 'execa';
import { MkbaseError } from './errors.ts';

/** A program and its arguments; nothing is ever handed to a shell. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to mkbase's own environment, or all there is when `cleanEnv` is set. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cleanEnv?: boolean;
  readonly cwd?: string;
  /** What goes to stdin; without it stdin is empty. */
  readonly input?: AsyncIterable<Uint8Array> | string;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

/** How a command ended; success and failure share this shape, and nothing here throws for a failure. */
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
  /** The first `captureLimit` bytes, as UTF-8. */
  readonly stdout: string;
  readonly stderr: string;
  /** One line: what went wrong, for messages. Empty when `ok`. */
  readonly problem: string;
}

const captureLimit = 1024 * 1024;
const killDelay = 5000;

function start(command: Command, stdio: Options): ResultPromise {
  return execa(command.file, command.args, {
    reject: false,
    buffer: false,
    cleanup: true,
    forceKillAfterDelay: killDelay,
    extendEnv: !command.cleanEnv,
    ...(command.env && { env: command.env }),
    ...(command.cwd && { cwd: command.cwd }),
    ...(command.timeoutSeconds && { timeout: command.timeoutSeconds * 1000 }),
    ...(command.signal && { cancelSignal: command.signal }),
    stdin: command.input === undefined ? 'ignore' : inputOf(command.input),
    ...stdio,
  } as Options) as ResultPromise;
}

function inputOf(input: AsyncIterable<Uint8Array> | string) {
  return typeof input === 'string' ? [Buffer.from(input)] : input;
}

async function captured(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (size < captureLimit) kept.push(chunk.subarray(0, captureLimit - size));
    size += chunk.length;
  }
  return Buffer.concat(kept).toString('utf8');
}

/** The last lines of stderr are what `CommandResult.stderr` keeps when lines are handed on. */
const tailLines = 40;

async function lines(
  stream: AsyncIterable<Uint8Array>,
  onLine: (line: string) => void,
): Promise<string> {
  const tail: string[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  const take = (line: string) => {
    onLine(line);
    tail.push(line);
    if (tail.length > tailLines) tail.shift();
  };
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = (parts.pop() ?? '').slice(-captureLimit);
    parts.forEach(take);
  }
  if (rest !== '') take(rest);
  return tail.join('\n');
}

function problemOf(result: Awaited<ResultPromise>): string {
  if (!result.failed) return '';
  if (result.timedOut) return 'it took too long and was stopped';
  if (result.code === 'ENOENT') return 'it is not installed';
  if (result.isTerminated) return `it was stopped by ${result.signal ?? 'a signal'}`;
  if (result.exitCode !== undefined) return `it ended with exit code ${result.exitCode}`;
  return result.originalMessage ?? result.shortMessage ?? 'it could not be started';
}

/** Throws INTERRUPTED when the command ended because mkbase was asked to stop. */
function settle(
  command: Command,
  result: Awaited<ResultPromise>,
  stdout: string,
  stderr: string,
): CommandResult {
  if (command.signal?.aborted) throw interrupted(command.signal);
  return {
    command: result.escapedCommand,
    ok: !result.failed,
    exitCode: result.exitCode,
    killedBy: result.signal,
    timedOut: result.timedOut,
    notFound: result.code === 'ENOENT',
    stdout,
    stderr,
    problem: problemOf(result),
  };
}

/** The error of a build that was asked to stop. */
export function interrupted(signal: AbortSignal): MkbaseError {
  return signal.reason instanceof MkbaseError
    ? signal.reason
    : new MkbaseError({ code: 'INTERRUPTED', message: 'Interrupted.' });
}

/** Runs a command to its end and captures what it prints. */
export async function runCommand(command: Command): Promise<CommandResult> {
  const child = start(command, { stdout: 'pipe', stderr: 'pipe' });
  const [stdout, stderr] = await Promise.all([
    captured(child.stdout as AsyncIterable<Uint8Array>),
    captured(child.stderr as AsyncIterable<Uint8Array>),
  ]);
  return settle(command, await child, stdout, stderr);
}

/** Runs a command on the terminal's own streams. */
export async function runAttached(command: Command): Promise<CommandResult> {
  const child = start(command, { stdin: 'inherit', stdout: 'inherit', stderr: 'inherit' });
  return settle(command, await child, '', '');
}

/** What became of a piped command: how it ended, and what its reader made of its output. */
export interface PipedResult<T> {
  readonly result: CommandResult;
  readonly outcome:
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly error: unknown };
}

/**
 * Runs a command whose stdout is a stream of bytes that `consume` reads to the end. When `consume`
 * throws, the command is stopped. Both ends are reported, because a reader that fails on a stream
 * cut short is seldom the reason. `stderr` of the result holds the last lines.
 */
export async function pipeCommand<T>(
  command: Command,
  consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>,
  onStderrLine: (line: string) => void,
): Promise<PipedResult<T>> {
  const child = start(command, { stdout: 'pipe', stderr: 'pipe' });
  const stderr = lines(child.stderr as AsyncIterable<Uint8Array>, onStderrLine);
  const outcome = await consume(child.stdout as AsyncIterable<Uint8Array>).then(
    (value) => ({ ok: true as const, value }),
    (error: unknown) => {
      child.kill();
      return { ok: false as const, error };
    },
  );
  const tail = await stderr;
  return { result: settle(command, await child, '', tail), outcome };
}
