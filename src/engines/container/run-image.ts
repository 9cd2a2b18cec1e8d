import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Command, CommandResult } from '../../base/run-command/command.ts';
import { runAttached, runCommand } from '../../base/run-command.ts';
import type { RunnableImage, RunOptions, RunResult } from '../engine.ts';
import { onTerminal } from '../on-terminal.ts';
import { nothingToRun, runResult } from '../run-result.ts';
import type { Cli } from './cli.ts';
import { newContainer } from './container.ts';
import { imageArguments } from './run-arguments.ts';
import { engineFault } from './run-step.ts';
import { filterOptions } from './seccomp-options.ts';

/** Matches the words of docker and podman about an image that names no program. */
const noCommand = /no command (?:specified|or entrypoint provided)/i;

function execute(command: Command, { stdio }: RunOptions): Promise<CommandResult> {
  return stdio === 'inherit' ? runAttached(command) : runCommand(command);
}

/** Runs an image of the engine's store. Errors: ENGINE_FAILED, INTERRUPTED. */
export async function runImage(
  cli: Cli,
  image: RunnableImage,
  options: RunOptions,
  io: Io,
): Promise<RunResult> {
  if (image.kind !== 'stored') {
    const message = `${cli.dialect.name} runs images of its own store, not a root filesystem in a file.`;
    throw new MkbaseError({ code: 'INTERNAL', message });
  }
  const { stdin: input, timeoutSeconds, stdio } = options;
  const [container, filter] = await Promise.all([newContainer(cli), filterOptions(cli, false)]);
  // On a terminal of its own, a program without an init could not be interrupted (run-arguments.ts).
  const terminal = stdio === 'inherit' && onTerminal() && cli.dialect.init;
  const args = imageArguments(image, options, { name: container.name, terminal, filter }, cli);
  const command: Command = {
    ...container.command(args),
    signal: io.signal,
    ...(input !== undefined && { input }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
  try {
    const result = await execute(command, options);
    const fault = stdio === 'capture' ? engineFault(cli, result) : undefined;
    if (fault !== undefined) throw noCommand.test(result.stderr) ? nothingToRun(fault) : fault;
    // A CLI whose own stdout has gone, as in `mkbase run x | head`, ends and leaves the program running.
    if (result.timedOut || (stdio === 'inherit' && !result.ok)) await container.remove();
    return runResult(result);
  } catch (error) {
    await container.remove();
    throw error;
  }
}
