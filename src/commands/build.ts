import { MkbaseError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { buildImage } from '../pipeline/build-image.ts';
import type { BuildRequest, BuildResult } from '../pipeline/request.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';
import { imageName } from '../ui/result-text.ts';
import { createUi } from '../ui/ui.ts';
import type { BuildOptions, OutcomeOptions } from './build-options.ts';
import { buildRequest } from './build-request.ts';
import type { CommandContext } from './context.ts';
import { failureExitCode } from './failure.ts';
import { thisInvocation } from './invocation.ts';
import { nextCommandContext } from './next-command-context.ts';
import { suggestCommand } from './suggest-command.ts';

type Options = BuildOptions & OutcomeOptions;

/** Options that speak of one image, and are refused when several are built. */
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

/** The signer that `--sign` asks for; its key is opened before any work is done. */
async function signerOf({ sign }: Options, { env, signal }: CommandContext, emit: Emit) {
  if (sign === undefined) return { sign: async () => {}, dispose: async () => {} };
  const [{ parseSign }, { openSigner }, { signFolder }] = await Promise.all([
    import('./sign/spec.ts'),
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

/** Builds one image and shows what came of it. Resolves to the exit code. */
export async function buildOne(
  request: BuildRequest,
  options: Options,
  context: CommandContext,
): Promise<number> {
  const { signal } = context;
  const result = resultMode(options);
  const ui = createUi({ ...context, progress: options.quiet ? 'none' : options.progress, result });
  signal.addEventListener('abort', () => ui.stopping());
  try {
    const signer = await signerOf(options, context, ui.emit);
    const built = await signed(signer, () =>
      buildImage(request, thisInvocation(), { emit: ui.emit, signal }),
    );
    await writeResultFiles(built, options);
    const next = result === 'summary' ? await nextCommandContext(request, built) : undefined;
    await ui.finish(built, next);
    return 0;
  } catch (error) {
    const explained = await suggestCommand(error, request.recipe);
    await ui.fail(explained);
    return failureExitCode(explained);
  }
}

/** `mkbase build`: builds the recipes one after another; the first that fails ends it. */
export async function build(
  recipes: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<number> {
  refuseForSeveral(recipes, options);
  for (const recipe of recipes) {
    const request = await buildRequest(recipe, options);
    const exitCode = await buildOne(request, options, context);
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}
