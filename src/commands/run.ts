import type { Io } from '../base/events.ts';
import type { BuildResult } from '../pipeline/request.ts';
import { createUi } from '../ui/ui.ts';
import type { BuildOptions } from './build-options.ts';
import { buildRequest } from './build-request.ts';
import type { CommandContext } from './context.ts';
import { failureExitCode } from './failure.ts';
import { prepareImage } from './run/runnable-image.ts';
import { suggestCommand } from './suggest-command.ts';

/** Runs a built image on the terminal's own streams; resolves to the program's exit code. */
async function runImage(
  result: BuildResult,
  args: readonly string[],
  { env }: CommandContext,
  io: Io,
): Promise<number> {
  const [{ chooseEngine }, { cacheFolder }] = await Promise.all([
    import('../engines/choose.ts'),
    import('../store/cache-folder.ts'),
  ]);
  const cache = cacheFolder(env);
  const engine = await chooseEngine(result.engine, cache, io);
  const { image, dispose } = await prepareImage(result, cache, io);
  try {
    const streams = { stdio: 'inherit', network: 'default' } as const;
    const options = args.length === 0 ? streams : { ...streams, args };
    return (await engine.runImage(image, options, io)).exitCode;
  } finally {
    await dispose();
  }
}

/**
 * `mkbase run`: builds what is not built yet and runs it. Progress and errors of mkbase go to stderr,
 * so that stdout is the program's alone.
 */
export async function run(
  recipe: string,
  args: readonly string[],
  options: BuildOptions,
  context: CommandContext,
): Promise<number> {
  const { signal } = context;
  const request = await buildRequest(recipe, options);
  const progress = options.quiet ? 'none' : options.progress;
  const ui = createUi({ ...context, progress, result: 'none' });
  signal.addEventListener('abort', () => ui.stopping());
  const io: Io = { emit: ui.emit, signal };
  try {
    const { buildImage } = await import('../pipeline/build-image.ts');
    const result = await buildImage(request, io);
    await ui.finish(result);
    return await runImage(result, args, context, { emit: () => {}, signal });
  } catch (error) {
    const explained = await suggestCommand(error, recipe);
    await ui.fail(explained);
    return failureExitCode(explained);
  }
}
