import { textWidth } from '../base/characters.ts';
import type { MkbaseError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { formatBytes, formatDuration } from '../base/format.ts';
import type { BuildResult } from '../pipeline/request.ts';
import { writeError } from './error-text.ts';
import { table } from './layout.ts';
import { createLogTail } from './log-tail.ts';
import { columnsOf, paletteOf } from './screen.ts';
import { imageName } from './summary.ts';
import { oneLine, wrap } from './text.ts';
import { createView, resolveProgress, type UiOptions } from './ui.ts';
import { attributeToRunning } from './view.ts';

/** The end of one of several builds. `build` is its name. */
export type Outcome = { readonly build: string } & (
  | { readonly result: BuildResult }
  | { readonly error: MkbaseError }
);

/** A way of speaking to people and programs of several builds at once. */
export interface SeveralUi {
  emitOf(build: string): Emit;
  /** Says that all were asked to stop. */
  stopping(): void;
  /** Says that a build has ended. */
  ended(outcome: Outcome): void;
  /** Ends the progress; shows the results on stdout and the errors on stderr, both in the order given. */
  finish(outcomes: readonly Outcome[]): Promise<void>;
}

type Failed = Extract<Outcome, { error: MkbaseError }>;
type Done = Extract<Outcome, { result: BuildResult }>;

const isDone = (outcome: Outcome): outcome is Done => 'result' in outcome;

const header = ['recipe', '', 'time', 'size', 'image'];

const rowOf = ({ build, result }: Done): string[] => [
  build,
  result.cached ? 'unchanged' : 'built',
  formatDuration(result.timings.total ?? 0),
  formatBytes(result.rootfsBytes),
  result.tags[0] ?? result.manifestDigest,
];

/** Returns the warnings of a result, each with its advice, below the name of the build. */
function warningLines({ build, result }: Done, columns: number): string[] {
  const label = `${oneLine(build)}: warning: `;
  const indent = ' '.repeat(textWidth(label));
  return result.warnings.flatMap(({ message, advice }) => {
    const text = advice === undefined ? message : `${message} ${advice}`;
    const lines = wrap(oneLine(text), Math.max(40, columns - textWidth(label)));
    return lines.map((line, index) => `${index === 0 ? label : indent}${line}`);
  });
}

/** Shows several builds, by their names, in one view. */
export function createSeveralUi(options: UiOptions, builds: readonly string[]): SeveralUi {
  const { stdout, stderr, env } = options;
  const mode = resolveProgress(options.progress, stderr, env);
  const view = createView(options, builds);
  const tails = new Map(builds.map((build) => [build, createLogTail()]));

  const resultsOf = (done: readonly Done[]): string => {
    if (options.result === 'id') return done.map(({ result }) => `${imageName(result)}\n`).join('');
    if (options.result !== 'summary' || done.length === 0) return '';
    const layout = { columns: columnsOf(stdout), palette: paletteOf(stdout, env) };
    const warnings = done.flatMap((each) => warningLines(each, layout.columns));
    const told = warnings.map((line) => `${layout.palette.yellow(line)}\n`).join('');
    return table(header, done.map(rowOf), layout) + told;
  };

  const showFailure = ({ build, error }: Failed) => {
    const palette = paletteOf(stderr, env);
    stderr.write(`${palette.bold(`${oneLine(build)} failed`)}\n`);
    const lines = mode === 'tty' ? (tails.get(build)?.recall(error) ?? []) : [];
    for (const line of lines) stderr.write(`${palette.dim(line)}\n`);
    writeError(stderr, env, error);
  };

  return {
    emitOf(build) {
      const show = (event: Parameters<Emit>[0]) => view.emit({ ...event, build });
      const attribute = mode === 'rawjson' ? show : attributeToRunning(show);
      return (event) => {
        tails.get(build)?.take(event);
        attribute(event);
      };
    },
    stopping: () => view.stopping(),
    ended: (outcome) => view.ended(outcome.build, isDone(outcome) ? undefined : outcome.error),
    async finish(outcomes) {
      await view.end();
      const done = outcomes.filter(isDone);
      const failed = outcomes.filter((each) => 'error' in each);
      stdout.write(resultsOf(done));
      if (mode === 'rawjson' || failed.length === 0) return;
      for (const each of failed) showFailure(each);
      stderr.write(
        `${done.length} of ${outcomes.length} built; failed: ${failed.map(({ build }) => oneLine(build)).join(', ')}\n`,
      );
    },
  };
}
