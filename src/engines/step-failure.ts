import { MkbaseError } from '../base/errors.ts';
import { emulation, type PlatformName } from '../base/platform.ts';
import type { CommandResult } from '../base/run-command/command.ts';
import type { Entrance } from './held-step.ts';
import { noOverrun, type StepOverrun } from './overrun.ts';
import type { Diagnosed, Limits, Step } from './step.ts';

const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`;

/**
 * Recognises ENOEXEC (execve(2)): a kernel that was not told how cannot run the programs of another
 * machine.
 */
const isForeign = (
  { platform }: Step['toolchain'],
  machine: PlatformName,
  stderr: string,
): boolean => platform !== machine && /exec format error/i.test(stderr);

const cannotEmulate = ({ platform }: Step['toolchain']): MkbaseError =>
  new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `The engine's machine cannot run the programs of a builder for ${platform}.`,
    hint: `${emulation} Or build on such a machine.`,
  });

const correct = 'Correct what the lines above complain of; --progress plain shows the whole log.';

/** Lines of the log's end that are shown where the error itself stands further up. */
const linesOfEnd = 10;

/** Returns the lines that an error's report shows of a log: the first error with its neighbours, and the end. */
function shownLog(stderr: string, found: Diagnosed | undefined): string {
  if (stderr === '') return 'It printed nothing.';
  if (found === undefined) return `Its last lines:\n${stderr}`;
  const end = stderr.split('\n');
  const { before, line, after, since } = found;
  const shown = [...before.map((each) => `  ${each}`), `> ${line}`];
  const rest = since <= after.length + linesOfEnd && since < end.length;
  const below = rest ? end.slice(end.length - since) : after;
  const first = [...shown, ...below.map((each) => `  ${each}`)].join('\n');
  const last = rest ? '' : `\nIts last lines:\n${end.slice(-linesOfEnd).join('\n')}`;
  return `Its first error:\n${first}${last}`;
}

/** Makes the error of a build that failed; `found` is the first error of its log. */
function failed(step: Step, what: string, stderr: string, hint = correct, found?: Diagnosed) {
  return new MkbaseError({
    code: 'BUILD_FAILED',
    message: `The build in builder ${step.toolchain.name} failed: ${what}. ${shownLog(stderr, found)}`,
    hint,
  });
}

/** 128 + SIGKILL: the exit code of a process that the kernel kills for the memory it took. */
export const killedExitCode = 137;

function reasonOf({ exitCode, problem }: CommandResult, limits: Limits): string {
  if (exitCode !== killedExitCode) return problem;
  return `it was killed, most likely for taking more than its limit of ${mebibytes(limits.memoryBytes)} of memory`;
}

const useLess =
  'Let it do less at once, for instance with a lower `jobs` in the recipe; the limit is the same on every engine.';

/** Tells of a step that failed after it hit a limit; undefined for one that hit none. */
function overrunError(
  step: Step,
  { memory, processes, disk = false }: StepOverrun,
  { stderr, problem, exitCode, killedBy }: CommandResult,
  found: Diagnosed | undefined,
): MkbaseError | undefined {
  const { memoryBytes, processes: most } = step.limits;
  if (disk) {
    const written = `it was stopped, since it wrote more than its limit of ${mebibytes(memoryBytes)} to its root`;
    return failed(step, written, stderr, useLess);
  }
  if (!memory && !processes) return undefined;
  const limit = memory
    ? `took more than its limit of ${mebibytes(memoryBytes)} of memory`
    : `wanted more than its limit of ${most} processes`;
  const whole = memory && (killedBy !== undefined || exitCode === killedExitCode);
  const what = whole ? `it was killed, since it ${limit}` : `${problem}, and it ${limit}`;
  return failed(step, what, stderr, useLess, found);
}

/** Tells an engine's own failures from a build's. */
export interface Judge {
  /** The platform of the machine that the step runs on. */
  readonly machine: PlatformName;
  /** Returns the engine's fault in how the command ended, if it was one. */
  engineFault(result: CommandResult): MkbaseError | undefined;
  /** Asks the kernel which limits were hit; left out where only exit codes tell. */
  overrun?(): Promise<StepOverrun>;
  /** Opens the shell of a step that may be entered. */
  readonly entrance?: Entrance;
}

/** Makes the error of a step that wrote more output than its limit. */
export const wroteTooMuch = (step: Step): MkbaseError =>
  failed(step, `it wrote more than its limit of ${mebibytes(step.limits.outputBytes)}`, '');

/** Makes the error of a step that took longer than its limit; `stderr` is the end of its log. */
export const tookTooLong = (step: Step, stderr: string): MkbaseError =>
  failed(step, `it took longer than ${step.limits.seconds} seconds`, stderr);

/** Returns the failure of a step that ended, or stopped, otherwise than well, and of which its engine is not to blame. */
export async function failureOf(
  step: Step,
  result: CommandResult,
  judge: Judge,
): Promise<MkbaseError> {
  if (isForeign(step.toolchain, judge.machine, result.stderr)) return cannotEmulate(step.toolchain);
  const overrun = await judge.overrun?.();
  const found = await step.diagnosis?.read();
  const overran = overrunError(step, overrun ?? noOverrun, result, found);
  const fault = overran ?? judge.engineFault(result);
  if (fault !== undefined) return fault;
  const killed = result.exitCode === killedExitCode ? useLess : undefined;
  return failed(step, reasonOf(result, step.limits), result.stderr, found?.hint ?? killed, found);
}
