import { basename, join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import type { Event, Io } from '../base/events.ts';
import { formatBytes } from '../base/format.ts';
import type { Invocation } from '../base/invocation.ts';
import { plainLine } from '../steps/failure/first-error.ts';
import { removeState, stateFolder, writeState } from '../store/state-folder.ts';
import { type BuildPlan, defaultOut } from './plan.ts';

/** Bytes that are kept of a log's beginning, and as many of its end: a builder may print without end. */
const mostBytes = 4 * 1024 ** 2;
/** Lines are held as bytes in pieces of this size, which take less memory than strings of their own. */
const pieceBytes = 64 * 1024;

/** The log lines of a build, until it is known whether somebody needs them. */
interface LogMemory {
  take(event: Event): void;
  text(): string;
}

function logMemory(): LogMemory {
  const begin: Buffer[] = [];
  const end: Buffer[] = [];
  const size = { begin: 0, end: 0, leftOut: 0 };
  let piece = '';
  const put = (bytes: Buffer) => {
    const part = size.begin < mostBytes ? 'begin' : 'end';
    (part === 'begin' ? begin : end).push(bytes);
    size[part] += bytes.length;
    if (size.end <= mostBytes) return;
    const dropped = end.shift()?.length ?? 0;
    size.end -= dropped;
    size.leftOut += dropped;
  };
  return {
    take(event) {
      if (event.type !== 'log') return;
      piece += `${plainLine(event.line)}\n`;
      if (piece.length < pieceBytes) return;
      put(Buffer.from(piece));
      piece = '';
    },
    text() {
      const gap =
        size.leftOut > 0 ? [`\n… ${formatBytes(size.leftOut)} are left out here …\n`] : [];
      return [...begin, ...gap, ...end, piece].join('');
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
