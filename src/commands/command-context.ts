import type { Invocation } from '../base/invocation.ts';
import { isCi, type Screen } from '../ui/screen.ts';
import type { Clock } from '../ui/view.ts';

/** Everything of the world outside that a command is given. A command resolves to the process's exit code. */
export interface CommandContext {
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the working folder. Throws when the folder was removed. */
  readonly cwd: string;
  readonly clock: Clock;
  /** Words that start this program again. */
  readonly program: readonly string[];
  /** Aborts, with an INTERRUPTED error as its reason, when the process is asked to stop. */
  readonly signal: AbortSignal;
}

/** Reads the context from the process: nothing else in `commands/` or `ui/` does. */
export const processContext = (signal: AbortSignal): CommandContext => ({
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  // Read when it is needed: help and completion work in a folder that was removed.
  get cwd() {
    return process.cwd();
  },
  clock: () => performance.timeOrigin + performance.now(),
  program: [process.execPath, process.argv[1] ?? ''],
  signal,
});

/** Returns what the pipeline is told of how it was called. */
export const invocationOf = ({ env, cwd, clock }: CommandContext): Invocation => ({
  cwd,
  env,
  now: new Date(clock()),
});

/** Lets a build of somebody who edits a recipe pin anew what was changed; one in CI keeps to the lock. */
export const whileEditing = ({ env }: CommandContext): { readonly relocks?: true } =>
  isCi(env) ? {} : { relocks: true };

/** Runs a command with its parsed arguments; resolves to the exit code. */
export type Act = (context: CommandContext) => Promise<number>;

/** Runs a command and keeps its exit code. */
export type Run = (act: Act) => Promise<void>;
