import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import type { RunnableImage } from '../engines/engine.ts';
import type { ReadySteps } from '../engines/ready-steps.ts';
import { outputOf } from '../outputs/outputs.ts';
import type { BuildRequest, BuildResult } from '../pipeline/request.ts';
import { type BuildOptions, buildRequest } from './build-request.ts';
import { type CommandContext, invocationOf, whileEditing } from './command-context.ts';
import { checkOnFailure, visitingFailures } from './shell/on-failure.ts';
import { withUi } from './with-progress.ts';

/** An image that an engine can run, and what is to be removed afterwards. */
interface Prepared {
  readonly image: RunnableImage;
  dispose(): Promise<void>;
}

/** Unpacks the rootfs of the OCI archive into a folder of this run's own below `cacheFolder`. */
async function unpack(archive: string, cacheFolder: string, io: Io): Promise<Prepared> {
  const [{ readImage }, { extractRootfs }, { openWorkspace }] = await Promise.all([
    import('../image/read-image.ts'),
    import('../image/merge-layers.ts'),
    import('../store/workspace.ts'),
  ]);
  const { layers, config, platform } = await readImage(archive, io);
  const workspace = await openWorkspace(join(cacheFolder, 'tmp'));
  const tar = join(workspace.folder, 'rootfs.tar');
  try {
    await extractRootfs(layers, archive, tar, io);
  } catch (error) {
    await workspace.dispose();
    throw error;
  }
  return { image: { kind: 'tar', tar, config, platform }, dispose: () => workspace.dispose() };
}

/** Makes what a build left ready to run: the image in the engine's store, else the OCI archive's rootfs. */
async function prepareImage(result: BuildResult, cacheFolder: string, io: Io): Promise<Prepared> {
  const { imageId, platform, outputs, recipe } = result;
  if (imageId !== null) {
    return { image: { kind: 'stored', id: imageId, platform }, dispose: async () => {} };
  }
  const archive = outputs.find((each) => outputOf(each).holdsImage);
  if (archive !== undefined) return unpack(archive.dest, cacheFolder, io);
  throw new MkbaseError({
    code: 'INTERNAL',
    message: `The build of ${recipe} left neither a stored image nor an OCI archive to run.`,
  });
}

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
  const engine = await chooseEngine(result.engine, { cache, env }, io);
  const { image, dispose } = await prepareImage(result, cache, io);
  const opened = engine.openImage(image);
  try {
    const streams = { stdio: 'inherit', network: 'default' } as const;
    const options = args.length === 0 ? streams : { ...streams, args };
    return (await opened.run(options, io)).exitCode;
  } finally {
    await opened.close();
    await dispose();
  }
}

/** Options of `run`. */
export interface RunOptions extends BuildOptions {
  readonly watch?: true;
}

/**
 * `mkbase run`: builds what is not built yet and runs it, with `--watch` again whenever something changes.
 * Progress and errors of mkbase go to stderr, so that stdout is the program's alone.
 */
export async function run(
  recipe: string,
  args: readonly string[],
  options: RunOptions,
  context: CommandContext,
): Promise<number> {
  checkOnFailure(options);
  const request = await buildRequest(recipe, options, context.cwd);
  if (!options.watch) return buildAndRun(request, args, options, context);
  const { keepWatching } = await import('./watch.ts');
  const turn = (own: CommandContext, ready: ReadySteps) =>
    buildAndRun({ ...request, ready }, args, options, own);
  return keepWatching(request, options, turn, context);
}

function buildAndRun(
  asked: BuildRequest,
  args: readonly string[],
  options: RunOptions,
  context: CommandContext,
): Promise<number> {
  const progress = options.quiet ? 'none' : options.progress;
  const { recipe } = asked;
  return withUi({ progress, result: 'none', recipe }, context, async (ui, io) => {
    const visiting = visitingFailures(options, ui, context);
    const request = { ...asked, ...whileEditing(context), ...visiting };
    const { buildImage } = await import('../pipeline/build-image.ts');
    const result = await buildImage(request, invocationOf(context), io);
    await ui.finish(result);
    return runImage(result, args, context, { emit: () => {}, signal: io.signal });
  });
}
