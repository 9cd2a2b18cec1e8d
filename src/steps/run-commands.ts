import type { Io } from '../base/events.ts';
import { quoteWord } from '../base/shell-word.ts';
import type { Entry } from '../tar/entry.ts';
import type { StepContext } from './builder.ts';
import { diagnoseRun } from './failure/diagnose.ts';
import { failedRun } from './failure/run-in-rootfs.ts';
import { commandLine, toldWords } from './shell-script.ts';
import { treeEnvironment, treeStep } from './tree-step.ts';
import { treeOf } from './work.ts';

/** The commands of `run:` and their surroundings. */
export interface CommandsToRun {
  /** Each an argv. */
  readonly run: readonly (readonly string[])[];
  /** The image's ENV, which commands of a Dockerfile get, too. */
  readonly env: Readonly<Record<string, string>>;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** Says whether the recipe can add packages to the root filesystem. */
  readonly takesPackages: boolean;
}

/**
 * Runs a recipe's commands one after the other inside a root filesystem, as root, without network;
 * returns the tree that they leave. Errors: BUILD_FAILED for the first that fails, ENGINE_FAILED.
 */
export async function runCommands(
  rootfs: readonly Entry[],
  { run, env, epoch, takesPackages }: CommandsToRun,
  context: StepContext,
  io: Io,
): Promise<readonly Entry[]> {
  const work = {
    rootfs: treeOf(rootfs),
    script: run
      .flatMap((argv) => [`told=${quoteWord(toldWords(argv))}`, `in_rootfs ${commandLine(argv)}`])
      .join('\n'),
    epoch,
    env: { ...treeEnvironment(epoch), ...env },
    diagnosis: diagnoseRun(failedRun(rootfs, takesPackages)),
    name: 'run',
  };
  const made = await treeStep(work, context, io);
  return made.entries();
}
