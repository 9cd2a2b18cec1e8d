import type { BuildRequest, BuildResult } from '../pipeline/request.ts';
import type { NextCommandContext } from '../ui/next-command.ts';
import { shellWord } from '../ui/shell-word.ts';

/**
 * Whether the image says what to run. One whose tests ran does; reading the recipe to be sure costs
 * more than all else that an unchanged build does, so only images without tests pay for it.
 */
async function isRunnable(request: BuildRequest, result: BuildResult): Promise<boolean> {
  if (result.tests.length > 0) return true;
  const { loadRecipe } = await import('../kinds/kinds.ts');
  const { image } = await loadRecipe(request.recipe, process.cwd());
  return [...(image.entrypoint ?? []), ...(image.cmd ?? [])].length > 0;
}

/** What the summary has to know besides the result: how to run the image, and whether it can be. */
export async function nextCommandContext(
  request: BuildRequest,
  result: BuildResult,
): Promise<NextCommandContext> {
  const engine = request.engine === 'auto' ? [] : ['--engine', request.engine];
  const words = ['mkbase', 'run', request.recipe, ...engine];
  return {
    cwd: process.cwd(),
    runCommand: words.map(shellWord).join(' '),
    runnable: await isRunnable(request, result),
  };
}
