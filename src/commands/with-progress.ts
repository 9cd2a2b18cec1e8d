import type { Io } from '../base/events.ts';
import { createUi, type ProgressMode } from '../ui/ui.ts';
import type { CommandContext } from './context.ts';
import { failureExitCode } from './failure.ts';
import { suggestCommand } from './suggest-command.ts';

/**
 * Does work that reports stages, and then writes what it has to say to stdout; a failure is shown as
 * a build's is. Resolves to the exit code.
 */
export async function withProgress(
  progress: ProgressMode | 'none',
  recipe: string,
  work: (io: Io) => Promise<string>,
  context: CommandContext,
): Promise<number> {
  const { signal, stdout } = context;
  const ui = createUi({ ...context, progress, result: 'summary' });
  signal.addEventListener('abort', () => ui.stopping());
  try {
    const text = await work({ emit: ui.emit, signal });
    await ui.close();
    stdout.write(text);
    return 0;
  } catch (error) {
    const explained = await suggestCommand(error, recipe);
    await ui.fail(explained);
    return failureExitCode(explained);
  }
}
