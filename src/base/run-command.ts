import { execFile } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Command, CommandResult } from './run-command/command.ts';
import { firstOutput, lastLines } from './run-command/output.ts';
import { start } from './run-command/start.ts';

/** Longest time that `askCommand` waits for an answer. */
export const answerMilliseconds = 10_000;

/** Runs a command to its end and captures what it prints. */
export async function runCommand(command: Command): Promise<CommandResult> {
  const { child, settle } = await start(command, 'pipe');
  const [stdout, stderr] = await Promise.all([
    firstOutput(child.stdout as AsyncIterable<Uint8Array>),
    firstOutput(child.stderr as AsyncIterable<Uint8Array>),
  ]);
  return settle({ stdout, stderr });
}

/** Runs a command on the terminal's own streams. */
export async function runAttached(command: Command): Promise<CommandResult> {
  const { settle } = await start(command, 'inherit');
  return settle({ stdout: '', stderr: '' });
}

/** The end of a piped command, and that of the reader of its output. */
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
  const { child, halt, settle } = await start(command, 'pipe');
  const stdout = child.stdout as Readable;
  const tail = lastLines(child.stderr as AsyncIterable<Uint8Array>, onStderrLine, command.signal);
  const outcome = await consume(stdout.iterator({ destroyOnReturn: false })).then(
    (value) => ({ ok: true as const, value }),
    (error: unknown) => {
      halt();
      return { ok: false as const, error };
    },
  );
  // A pipe closed early would kill the program there and then, before `stop` could.
  stdout.resume();
  return { result: await settle({ stdout: '', stderr: await tail }), outcome };
}

/**
 * Asks a program a question that it answers on stdout; undefined when it fails in any way. It does
 * without execa, which takes longer to load than most programs to answer.
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
