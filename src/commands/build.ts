import { MkbaseError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { buildImage } from '../pipeline/build-image.ts';
import type { BuildRequest, BuildResult } from '../pipeline/request.ts';
import { shellWord } from '../steps/shell-script.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';
import type { NextCommandContext } from '../ui/next-command.ts';
import { imageName } from '../ui/summary.ts';
import { type BuildOptions, buildRequest, type OutcomeOptions } from './build-request.ts';
import { type CommandContext, invocationOf, whileEditing } from './command-context.ts';
import { withUi } from './with-progress.ts';

type Options = BuildOptions & OutcomeOptions;

/** Refuses options that speak of one image when several are built. */
function refuseForSeveral(recipes: readonly string[], options: Options): void {
  if (recipes.length < 2) return;
  const given = [
    options.json && '--json',
    options.tag !== undefined && '--tag',
    options.out !== undefined && '--out',
    options.output?.some((output) => output.includes('dest=')) && '--output with dest',
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

async function writeResultFiles(result: BuildResult, options: Options): Promise<void> {
  const { metadataFile, iidfile } = options;
  if (metadataFile !== undefined) {
    await writeWholeFile(metadataFile, `${JSON.stringify(result, null, 2)}\n`);
  }
  if (iidfile !== undefined) await writeWholeFile(iidfile, imageName(result));
}

/** Opens the signer that `--sign` asks for, and its key, before any work is done. */
async function signerOf({ sign }: Options, { env, signal }: CommandContext, emit: Emit) {
  if (sign === undefined) return { sign: async () => {}, dispose: async () => {} };
  const [{ openSigner, parseSign }, { signFolder }] = await Promise.all([
    import('./sign/open-signer.ts'),
    import('../sign/sign-folder.ts'),
  ]);
  const signer = await openSigner(parseSign(sign), env, { emit, signal });
  return {
    sign: async (folder: string) => {
      await signFolder(folder, signer.sign);
    },
    dispose: signer.dispose,
  };
}

/** Builds and signs; what the signer holds open is closed in any case. */
async function signed(
  signer: { sign(folder: string): Promise<void>; dispose(): Promise<void> },
  work: () => Promise<BuildResult>,
): Promise<BuildResult> {
  try {
    const built = await work();
    await signer.sign(built.outDir);
    return built;
  } finally {
    await signer.dispose();
  }
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

/** Builds one image and shows the result. Resolves to the exit code. */
export const buildOne = (
  asked: BuildRequest,
  options: Options,
  context: CommandContext,
): Promise<number> => {
  const request = { ...asked, ...whileEditing(context) };
  const result = resultMode(options);
  const progress = options.quiet ? 'none' : options.progress;
  return withUi({ progress, result, recipe: request.recipe }, context, async (ui, io) => {
    const signer = await signerOf(options, context, ui.emit);
    const built = await signed(signer, () => buildImage(request, invocationOf(context), io));
    await writeResultFiles(built, options);
    const summarized = result === 'summary';
    const next = summarized ? await nextCommandContext(request, built, context.cwd) : undefined;
    await ui.finish(built, next);
    return 0;
  });
};

/** `mkbase build`: builds the recipes one after another; the first that fails ends it. */
export async function build(
  recipes: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<number> {
  refuseForSeveral(recipes, options);
  for (const recipe of recipes) {
    const request = await buildRequest(recipe, options, context.cwd);
    const exitCode = await (options.dryRun
      ? (await import('./dry-run.ts')).showDryRun(request, options, context)
      : buildOne(request, options, context));
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}
