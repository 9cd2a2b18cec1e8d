import { execFile } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Options, ResultPromise } from 'execa';
import { MkbaseError } from './errors.ts';
import { inheritedDescriptors } from './inherited-descriptors.ts';

/** A program and its arguments; nothing is ever handed to a shell. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /**
   * Added to mkbase's own environment, or all there is when `cleanEnv` is set. A variable whose
   * value is undefined is left out.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cleanEnv?: boolean;
  readonly cwd?: string;
  /**
   * What goes to stdin; without it stdin is empty. A chunk's memory may be used anew once the next
   * is asked for. When it throws, the command is stopped.
   */
  readonly input?: AsyncIterable<Uint8Array> | string;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /**
   * Keeps from it whatever else mkbase was started with open: behind walls, a descriptor of a folder
   * outside would be a way out.
   */
  readonly onlyStandardStreams?: boolean;
  /** What stops it at once; SIGTERM when left out, and SIGKILL follows after five seconds. */
  readonly killSignal?: 'SIGTERM' | 'SIGKILL';
  /**
   * Stops what the command started elsewhere, for instance a container, which outlives its CLI.
   * Called at most once, in place of the kill signal; the command ends because that has gone, and
   * `ended` then says so. Never rejects.
   */
  readonly stop?: (ended: AbortSignal) => Promise<void>;
  /**
   * For a program that leaves a mess when it is killed in the middle of its work: how many milliseconds
   * it is given to finish, once it was sent all of its input. The terminal's Ctrl-C does not reach it.
   */
  readonly patience?: number;
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
/** A program that takes longer has no answer. */
const answerMilliseconds = 10_000;
const killDelay = 5000;
/** A CLI whose container has gone has nothing left to do. */
const endDelay = 500;
/** The last lines of stderr are what `CommandResult.stderr` keeps when lines are handed on. */
const tailLines = 40;
const longestTailLine = 2000;
/** A longer line is handed on in pieces. */
const longestLine = 64 * 1024;
/** Of what was handed on, and then written to our own stderr, this much may wait for its reader. */
const mostUnwritten = 1024 * 1024;
const congestionMilliseconds = 10;

interface Running {
  readonly child: ResultPromise;
  /** Stops the command; calling it again does nothing. */
  halt(): void;
  /** Waits for the end. Throws INTERRUPTED when stopped by `signal`, and what `input` threw. */
  settle(stdout: string, stderr: string): Promise<CommandResult>;
}

type Stream = 'pipe' | 'inherit' | 'ignore';
type Streams = { readonly stdin?: Stream; readonly stdout: Stream; readonly stderr: Stream };

/** Puts `nothing` in the place of every inherited descriptor; `ignore` lets one be as it is. */
function covers(nothing: number): (number | 'ignore')[] {
  const inherited = new Set(inheritedDescriptors());
  const beyond = Math.max(2, ...inherited) - 2;
  return Array.from({ length: beyond }, (_, at) => (inherited.has(at + 3) ? nothing : 'ignore'));
}

/** Starts a command whose end this module governs: execa's own timeout knows nothing of `stop`. */
async function start(command: Command, stdio: Streams): Promise<Running> {
  const { execa } = await import('execa');
  if (command.signal?.aborted) throw interrupted(command.signal);
  const { stdin = command.input === undefined ? 'ignore' : 'pipe', stdout, stderr } = stdio;
  const nothing = command.onlyStandardStreams ? openSync('/dev/null', 'r') : undefined;
  const child = execa(command.file, command.args, {
    reject: false,
    buffer: false,
    cleanup: command.patience === undefined,
    detached: command.patience !== undefined,
    extendEnv: !command.cleanEnv,
    ...(command.env && { env: command.env }),
    ...(command.cwd && { cwd: command.cwd }),
    stdio: [stdin, stdout, stderr, ...(nothing === undefined ? [] : covers(nothing))],
  } as Options) as ResultPromise;
  if (nothing !== undefined) closeSync(nothing);
  return govern(command, child);
}

function govern(command: Command, child: ResultPromise): Running {
  let timedOut = false;
  let fed = false;
  const halt = halter(command, child, () => fed);
  const timer =
    command.timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          halt();
        }, command.timeoutSeconds * 1000);
  command.signal?.addEventListener('abort', halt, { once: true });
  let inputFailure: { readonly error: unknown } | undefined;
  const feeding = feed(command.input, child).then(() => {
    fed = true;
  });
  feeding.catch((error: unknown) => {
    inputFailure = { error };
    halt();
  });
  return {
    child,
    halt,
    async settle(stdout, stderr) {
      const result = await child;
      clearTimeout(timer);
      command.signal?.removeEventListener('abort', halt);
      if (command.signal?.aborted) throw interrupted(command.signal);
      if (inputFailure !== undefined) throw inputFailure.error;
      return describe(result, timedOut, stdout, stderr);
    },
  };
}

function halter(command: Command, child: ResultPromise, isFed: () => boolean): () => void {
  const killAfter = (milliseconds: number) => {
    const killer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
    void child.finally(() => clearTimeout(killer));
  };
  const ended = new AbortController();
  void child.finally(() => ended.abort());
  const stopNow = () => {
    killAfter(killDelay);
    if (command.stop === undefined) child.kill(command.killSignal ?? 'SIGTERM');
    else void command.stop(ended.signal).finally(() => killAfter(endDelay));
  };
  let halted = false;
  return () => {
    if (halted) return;
    halted = true;
    if (command.patience === undefined || !isFed()) return stopNow();
    const waiting = setTimeout(stopNow, command.patience);
    void child.finally(() => clearTimeout(waiting));
  };
}

/**
 * Writes the input to the program's stdin. A program may close its stdin or end early: then the
 * rest is not read. stdin stays open when the input fails, lest the part be taken for the whole.
 */
async function feed(input: Command['input'], child: ResultPromise): Promise<void> {
  const { stdin } = child;
  if (input === undefined || stdin === null || stdin === undefined) return;
  let closed = false;
  let resume = () => {};
  const close = () => {
    closed = true;
    resume();
  };
  for (const event of ['error', 'close']) stdin.on(event, close);
  void child.finally(close);
  for await (const chunk of typeof input === 'string' ? once(input) : input) {
    if (closed) return;
    // One promise a chunk: racing each against a single long-lived one would keep them all.
    await new Promise<void>((resolve) => {
      resume = resolve;
      stdin.write(chunk, () => resolve());
    });
    if (closed) return;
  }
  stdin.end();
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
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

/** A command that prints more than anybody reads has to wait, or it would fill the memory. */
async function congestion(signal: AbortSignal | undefined): Promise<void> {
  const { stderr } = process;
  // A reader that has gone takes nothing any more, and then nothing is kept for it.
  while (stderr.writableLength > mostUnwritten && !stderr.destroyed && !signal?.aborted) {
    await pause(congestionMilliseconds);
  }
}

async function lines(
  stream: AsyncIterable<Uint8Array>,
  onLine: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const tail: string[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  const take = (line: string) => {
    onLine(line);
    tail.push(line.slice(0, longestTailLine));
    if (tail.length > tailLines) tail.shift();
  };
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    parts.forEach(take);
    if (rest.length > longestLine) {
      take(rest);
      rest = '';
    }
    await congestion(signal);
  }
  rest += decoder.decode();
  if (rest !== '') take(rest);
  return tail.join('\n');
}

function describe(
  result: Awaited<ResultPromise>,
  timedOut: boolean,
  stdout: string,
  stderr: string,
): CommandResult {
  return {
    command: result.escapedCommand,
    ok: !result.failed && !timedOut,
    exitCode: result.exitCode,
    killedBy: result.signal,
    timedOut,
    notFound: result.code === 'ENOENT',
    stdout,
    stderr,
    problem: timedOut ? 'it took too long and was stopped' : problemOf(result),
  };
}

function problemOf(result: Awaited<ResultPromise>): string {
  if (!result.failed) return '';
  if (result.code === 'ENOENT') return 'it is not installed';
  if (result.signal !== undefined) return `it was stopped by ${result.signal}`;
  if (result.exitCode !== undefined) return `it ended with exit code ${result.exitCode}`;
  return result.originalMessage ?? result.shortMessage ?? 'it could not be started';
}

/** The error of a build that was asked to stop. */
export function interrupted(signal: AbortSignal): MkbaseError {
  return signal.reason instanceof MkbaseError
    ? signal.reason
    : new MkbaseError({ code: 'INTERRUPTED', message: 'Interrupted.' });
}

/** Runs a command to its end and captures what it prints. */
export async function runCommand(command: Command): Promise<CommandResult> {
  const { child, settle } = await start(command, { stdout: 'pipe', stderr: 'pipe' });
  const [stdout, stderr] = await Promise.all([
    captured(child.stdout as AsyncIterable<Uint8Array>),
    captured(child.stderr as AsyncIterable<Uint8Array>),
  ]);
  return settle(stdout, stderr);
}

/** Runs a command on the terminal's own streams. */
export async function runAttached(command: Command): Promise<CommandResult> {
  const { settle } = await start(command, {
    stdin: 'inherit',
    stdout: 'inherit',
    stderr: 'inherit',
  });
  return settle('', '');
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
  const { child, halt, settle } = await start(command, { stdout: 'pipe', stderr: 'pipe' });
  const stdout = child.stdout as Readable;
  const stderr = lines(child.stderr as AsyncIterable<Uint8Array>, onStderrLine, command.signal);
  const outcome = await consume(stdout.iterator({ destroyOnReturn: false })).then(
    (value) => ({ ok: true as const, value }),
    (error: unknown) => {
      halt();
      return { ok: false as const, error };
    },
  );
  // A pipe closed early would kill the program there and then, and not as `stop` has it.
  stdout.resume();
  return { result: await settle('', await stderr), outcome };
}

/**
 * Asks a program a question that it answers on stdout; undefined when it fails in any way. For the
 * one path where nothing else is to be done: loading execa takes longer than most answers.
 */
export function askCommand(
  file: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, args, { signal, timeout: answerMilliseconds }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}
