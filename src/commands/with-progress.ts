import { exitCodes } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { asMkbaseError } from '../ui/error-text.ts';
import type { ResultMode } from '../ui/summary.ts';
import { createUi, type ProgressMode, type Ui } from '../ui/ui.ts';
import type { CommandContext } from './command-context.ts';
import { suggestCommand } from './usage-error.ts';

/** Settings for how a command's work is shown. */
export interface Showing {
  readonly progress: ProgressMode | 'none';
  readonly result: ResultMode;
  /** The recipe as it was named. */
  readonly recipe: string;
}

/** Does work that reports stages, and shows a failure of it. Resolves to the exit code. */
export async function withUi(
  { progress, result, recipe }: Showing,
  context: CommandContext,
  work: (ui: Ui, io: Io) => Promise<number>,
): Promise<number> {
  const { stdout, stderr, env, clock, signal } = context;
  const ui = createUi({ stdout, stderr, env, clock, progress, result });
  signal.addEventListener('abort', () => ui.stopping());
  try {
    return await work(ui, { emit: ui.emit, signal });
  } catch (error) {
    const explained = suggestCommand(error, recipe);
    await ui.fail(explained);
    return exitCodes[asMkbaseError(explained).code];
  }
}

/** Does the same for work whose result is a text for stdout. */
export const withProgress = (
  progress: ProgressMode | 'none',
  recipe: string,
  work: (io: Io) => Promise<string>,
  context: CommandContext,
): Promise<number> =>
  withUi({ progress, recipe, result: 'none' }, context, async (ui, io) => {
    const text = await work(io);
    await ui.close();
    context.stdout.write(text);
    return 0;
  });
