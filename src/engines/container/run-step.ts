import type { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { CommandResult } from '../../base/run-command/command.ts';
import { runAttached } from '../../base/run-command.ts';
import type { Entrance } from '../held-step.ts';
import { noOverrun } from '../overrun.ts';
import { pipeStep } from '../pipe-step.ts';
import { runResult } from '../run-result.ts';
import type { Step } from '../step.ts';
import { type Cli, engineFailed } from './cli.ts';
import { type Container, newContainer, withoutProxies } from './container.ts';
import { stepArguments } from './run-arguments.ts';
import { filterOptions, mayMount } from './seccomp-options.ts';
import { watchSize } from './watch-size.ts';

/** The exit code of `docker run` and `podman run` when the engine failed (their manuals). */
const engineExitCode = 125;
/** Matches a complaint of the CLIs' own; a step may end with 125, too. */
const ownWords = /^((docker|podman|error)( run)?: |time="[^"]*" level=)/im;

/** The exit codes of a runtime (runc, crun) that could not set a container up, and of a bad program. */
const runtimeExitCodes: readonly (number | undefined)[] = [126, 127];
const runtimeWords = /OCI (?:runtime|permission)/;
/** Matches the words of a runtime on a program that is not there or cannot be run: the step's fault. */
const programWords = /exec: |executable/;

const runtimeFailed = ({ exitCode, stderr }: CommandResult): boolean =>
  runtimeExitCodes.includes(exitCode) && runtimeWords.test(stderr) && !programWords.test(stderr);

/** Returns the engine's fault in how a run ended, if it was one. */
export function engineFault(cli: Cli, result: CommandResult): MkbaseError | undefined {
  const { exitCode, stderr } = result;
  const engineEnded = exitCode === engineExitCode || runtimeFailed(result);
  const own = engineEnded && ownWords.test(stderr);
  const stillborn = exitCode === undefined && !result.timedOut;
  return own || stillborn
    ? engineFailed(cli.dialect.name, 'running a container', result)
    : undefined;
}

const watchStep = (cli: Cli, container: Container, { limits }: Step) =>
  watchSize(cli, container.name, limits.memoryBytes, () => container.remove());

/** Opens a shell in a container that stays up until the shell was left. */
const entranceOf = (cli: Cli, { name }: Container): Entrance => ({
  async enter({ argv, terminal }, _ended, { signal }) {
    const options = ['--interactive', '--tty', '--env', `TERM=${terminal}`];
    const args = ['exec', ...options, name, ...argv];
    const result = await runAttached({ file: cli.dialect.name, args, env: withoutProxies, signal });
    return runResult(result).exitCode;
  },
});

/**
 * Runs a step in the stored image `id`. `removeLater` gets the name of a container that has ended and is still
 * there. Errors as Engine.runStep.
 */
export async function runStep<T>(
  cli: Cli,
  id: string,
  step: Step,
  consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>,
  removeLater: (name: string) => void,
  io: Io,
): Promise<T> {
  const [container, filter] = await Promise.all([
    newContainer(cli),
    filterOptions(cli, mayMount(step, cli)),
  ]);
  const watch = step.root === 'own' ? watchStep(cli, container, step) : undefined;
  const judge = {
    engineFault: (result: CommandResult) => engineFault(cli, result),
    overrun: async () => ({ ...noOverrun, disk: watch?.exceeded() ?? false }),
    entrance: entranceOf(cli, container),
  };
  const command = container.command(stepArguments(step, id, container.name, filter, cli));
  try {
    const result = await pipeStep(step, command, consume, judge, io);
    if (cli.dialect.removesLater) removeLater(container.name);
    return result;
  } catch (error) {
    await container.remove();
    throw error;
  } finally {
    await watch?.end();
  }
}
