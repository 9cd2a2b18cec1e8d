import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { shellWord } from '../base/shell-word.ts';
import { buildImage } from '../pipeline/build-image.ts';
import type { AskedPlatforms } from '../pipeline/image-set/request.ts';
import type { BuildRequest, BuildResult } from '../pipeline/request.ts';
import type { NextCommandContext } from '../ui/next-command.ts';
import { imageName } from '../ui/summary.ts';
import { type BuildOptions, buildRequest, type OutcomeOptions } from './build-request.ts';
import { type CommandContext, invocationOf, whileEditing } from './command-context.ts';
import { writeResultFiles } from './result-files.ts';
import { checkOnFailure, visitingFailures } from './shell/on-failure.ts';
import { openResultSigner } from './sign/sign-results.ts';
import { withUi } from './with-progress.ts';

type Options = BuildOptions & OutcomeOptions;

/** Options as commander hands them over: a build may be for several platforms. */
type BuildCommandOptions = Omit<Options, 'platform'> & { readonly platform?: AskedPlatforms };

/** Refuses options that speak of one image when several are built. */
function refuseForSeveral(recipes: readonly string[], options: Options): void {
  if (recipes.length < 2) return;
  const given = [
    options.json && '--json',
    options.tag !== undefined && '--tag',
    options.out !== undefined && '--out',
    options.output?.some((output) => /dest=|ref=/.test(output)) && '--output with dest or ref',
    options.sarif !== undefined && '--sarif',
    options.metadataFile !== undefined && '--metadata-file',
    options.iidfile !== undefined && '--iidfile',
  ].filter((flag) => typeof flag === 'string');
  if (given.length === 0) return;
  throw new MkbaseError({
    code: 'USAGE',
    message: `${given.join(', ')}: this is for one image, but ${recipes.length} recipes are given.`,
    hint: 'Call mkbase once for each recipe.',
  });
}

function resultMode({ json, quiet }: Options) {
  if (json) return 'json';
  return quiet ? 'id' : 'summary';
}

/**
 * Tells whether the image says what to run. One whose tests ran does; reading the recipe to be sure costs
 * more than all else that an unchanged build does, so only images without tests pay for it.
 */
async function isRunnable(
  request: BuildRequest,
  result: BuildResult,
  cwd: string,
): Promise<boolean> {
  if (result.tests.length > 0) return true;
  const { loadRecipe } = await import('../kinds/kinds.ts');
  const { image } = await loadRecipe(request.recipe, cwd);
  return [...(image.entrypoint ?? []), ...(image.cmd ?? [])].length > 0;
}

/** Gathers what the summary needs besides the result: how to run the image, and whether it can be. */
async function nextCommandContext(
  request: BuildRequest,
  result: BuildResult,
  cwd: string,
): Promise<NextCommandContext> {
  const engine = request.engine === 'auto' ? [] : ['--engine', request.engine];
  const words = ['mkbase', 'run', request.recipe, ...engine];
  return {
    cwd,
    runCommand: words.map(shellWord).join(' '),
    runnable: await isRunnable(request, result, cwd),
  };
}

async function buildAndSign(
  request: BuildRequest,
  { sign }: Options,
  context: CommandContext,
  io: Io,
): Promise<BuildResult> {
  const signer = await openResultSigner(sign, context, io.emit);
  try {
    const signed = { ...request, ...(sign !== undefined && { vouch: signer.sign }) };
    return await buildImage(signed, invocationOf(context), io);
  } finally {
    await signer.dispose();
  }
}

/** Builds one image and shows the result. Resolves to the exit code. */
export const buildOne = (
  asked: BuildRequest,
  options: Options,
  context: CommandContext,
): Promise<number> => {
  const result = resultMode(options);
  const progress = options.quiet ? 'none' : options.progress;
  return withUi({ progress, result, recipe: asked.recipe }, context, async (ui, io) => {
    const visiting = visitingFailures(options, ui, context);
    const request = { ...asked, ...whileEditing(context), ...visiting };
    const built = await buildAndSign(request, options, context, io);
    await writeResultFiles(built, imageName(built), options);
    const summarized = result === 'summary';
    const next = summarized ? await nextCommandContext(request, built, context.cwd) : undefined;
    await ui.finish(built, next);
    return 0;
  });
};

/**
 * `mkbase build`: builds one image, or several side by side; for several platforms their images come under
 * one index.
 */
export async function build(
  recipes: readonly string[],
  { platform: platforms = [], ...common }: BuildCommandOptions,
  context: CommandContext,
): Promise<number> {
  refuseForSeveral(recipes, common);
  if (platforms === 'all' || platforms.length > 1) {
    const { buildPlatforms } = await import('./build-platforms.ts');
    return buildPlatforms([...new Set(recipes)], platforms, common, context);
  }
  const [platform] = platforms;
  return buildForOne(recipes, { ...common, ...(platform && { platform }) }, context);
}

/** Builds one image of each recipe, for one platform. */
async function buildForOne(
  recipes: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<number> {
  checkOnFailure(options, new Set(recipes).size);
  const wanted = [...new Set(recipes)];
  const requests = await Promise.all(
    wanted.map((recipe) => buildRequest(recipe, options, context.cwd)),
  );
  const [only, ...more] = requests;
  if (options.dryRun) {
    const { showDryRun } = await import('./dry-run.ts');
    for (const request of requests) await showDryRun(request, options, context);
    return 0;
  }
  if (only !== undefined && more.length === 0) return buildOne(only, options, context);
  const { buildSeveral } = await import('./build-several.ts');
  return buildSeveral(requests, options, context);
}
