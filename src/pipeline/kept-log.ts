import { basename, join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import type { Event, Io } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import { plainLine } from '../steps/failure/first-error.ts';
import { removeState, stateFolder, writeState } from '../store/state-folder.ts';
import { type BuildPlan, defaultOut } from './plan.ts';

/** Characters that are kept of a log's beginning, and as many of its end: a builder may print without end. */
const mostCharacters = 4 * 1024 ** 2;

/** The log lines of a build, until it is known whether somebody needs them. */
interface LogMemory {
  take(event: Event): void;
  text(): string;
}

function logMemory(): LogMemory {
  const begin: string[] = [];
  let end: string[] = [];
  const size = { begin: 0, end: 0 };
  let leftOut = 0;
  return {
    take(event) {
      if (event.type !== 'log') return;
      const line = plainLine(event.line);
      const part = size.begin < mostCharacters ? 'begin' : 'end';
      (part === 'begin' ? begin : end).push(line);
      size[part] += line.length + 1;
      if (size.end < 2 * mostCharacters) return;
      const half = Math.ceil(end.length / 2);
      leftOut += half;
      end = end.slice(half);
      size.end = end.reduce((sum, each) => sum + each.length + 1, 0);
    },
    text() {
      const gap = leftOut > 0 ? [`… ${leftOut} lines are left out here …`] : [];
      return [...begin, ...gap, ...end, ''].join('\n');
    },
  };
}

/** The log of a build that failed is kept in the state folder. */
export interface LogKeeper {
  readonly io: Io;
  /**
   * Returns the error of a build with the path of its log, which is written now. One that no tool's output
   * explains, and one whose log cannot be written, comes back as it is.
   */
  explained(error: unknown, plan: BuildPlan): Promise<unknown>;
  /** Removes the log of an earlier build that failed. Never rejects. */
  forget(plan: BuildPlan): Promise<void>;
}

/** Names the log of a recipe, its release and platform: a later build of the same takes its place. */
const logName = ({ recipe, platform }: BuildPlan): string =>
  join('logs', `${basename(defaultOut(recipe, platform))}.log`);

/** Failures that the output of a builder explains. */
const explainedByLog: readonly string[] = ['BUILD_FAILED', 'BUILD_OUTPUT'];

/** Listens to a build's log, to keep it should the build fail. */
export function logKeeper({ emit, signal }: Io, { env }: Invocation): LogKeeper {
  const memory = logMemory();
  const folder = stateFolder(env);
  const listen = (event: Event) => {
    memory.take(event);
    emit(event);
  };
  return {
    io: { emit: listen, signal },
    async explained(error, plan) {
      if (!(error instanceof MkbaseError) || !explainedByLog.includes(error.code)) return error;
      const name = logName(plan);
      const { code, message, hint, cause, about } = error;
      return writeState(folder, name, memory.text()).then(
        () =>
          new MkbaseError({
            ...{ code, cause, about },
            message: `${message}\nThe whole log: ${join(folder, name)}`,
            ...(hint !== undefined && { hint }),
          }),
        () => error,
      );
    },
    forget: (plan) => removeState(folder, logName(plan)).catch(() => undefined),
  };
}
