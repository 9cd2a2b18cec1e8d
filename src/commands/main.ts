import { CommanderError } from 'commander';
import { exitCodes, ioError } from '../base/errors.ts';
import { asMkbaseError, writeError } from '../ui/error-text.ts';
import { type CommandContext, processContext } from './command-context.ts';
import { type Interruption, listenForSignals } from './interruption.ts';
import { createProgram } from './program.ts';
import { usageError } from './usage-error.ts';

/** Runs the command line to its end and ends the process with the exit code of docs/cli.md. */
export async function main(argv: readonly string[]): Promise<void> {
  const streams = watchStandardStreams();
  const interruption = listenForSignals();
  const context = processContext(interruption.signal);
  process.on('unhandledRejection', (error) => end(context, interruption, error));
  process.on('uncaughtException', (error) => end(context, interruption, error));

  const exitCode = await runCommandLine(argv, context).catch((error: unknown) =>
    report(context, error),
  );
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  const failure = streams.failure();
  if (failure !== undefined)
    await end(context, interruption, ioError(failure, 'writing', 'the output'));
  await interruption.end(exitCode);
}

function report(context: CommandContext, error: unknown): number {
  writeError(context.stderr, context.env, error);
  return exitCodes[asMkbaseError(error).code];
}

async function end(
  context: CommandContext,
  interruption: Interruption,
  error: unknown,
): Promise<never> {
  return interruption.end(report(context, error));
}

/** Parses and runs; the exit code is the command's own. Errors: USAGE, and whatever a command throws. */
async function runCommandLine(argv: readonly string[], context: CommandContext): Promise<number> {
  let exitCode = 0;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  if (argv.length === 0) {
    context.stderr.write(program.helpInformation());
    return exitCodes.USAGE;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(error, argv);
  }
  return exitCode;
}

/**
 * Watches stdout and stderr for failed writes, which would otherwise end the process with a stack.
 * A reader that has gone (`| head`) is none of our business; a full disk under `> file` is: then
 * `failure` tells, because a command whose result was lost has not succeeded.
 */
function watchStandardStreams(): { failure(): Error | undefined } {
  let failure: Error | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') failure ??= error;
    });
  }
  return { failure: () => failure };
}

/** Resolves when everything written so far has left the process, or never will. */
async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}
