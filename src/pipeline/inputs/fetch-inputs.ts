import type { Io } from '../../base/events.ts';
import { formatBytes, plural } from '../../base/format.ts';
import type { Invocation } from '../../base/invocation.ts';
import { platforms } from '../../base/platform.ts';
import { compressorDistribution } from '../../kinds/contract.ts';
import { kindOf } from '../../kinds/kinds.ts';
import { wantedByToolchain, wantedOf } from '../../lock/lock.ts';
import type { Lock } from '../../lock/schema.ts';
import { mirrorUrl } from '../../packages/mirror-url.ts';
import type { RunSources } from '../../packages/sources.ts';
import { type From, sourceOf } from '../../recipe/kind.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import type { Store } from '../../store/store.ts';
import type { Builder } from '../builder.ts';
import type { BuildPlan } from '../plan.ts';
import type { BuildRequest } from '../request.ts';

/** The sources of the image's inputs, and of its builder's. */
export interface SourcesOfRun {
  readonly image: RunSources;
  readonly builder: RunSources;
  /** Sources of the builder that compresses layers. */
  readonly compressor: RunSources;
}

const distributionOf = (from: From): string | undefined =>
  kindOf(from).distribution(sourceOf(from));

/**
 * Returns the sources of this run. `--mirror` names a mirror of the recipe's own distribution,
 * and the builder's packages come from it only if they are of the same distribution. Throws USAGE for a
 * mirror that is no URL, even where all is stored already.
 */
export function sourcesOfRun(
  { recipe, toolchain }: Pick<BuildPlan, 'recipe' | 'toolchain'>,
  { mirror, offline, allow = [] }: Pick<BuildRequest, 'mirror' | 'offline' | 'allow'>,
  { env, now }: Invocation,
  store: Store,
): SourcesOfRun {
  if (mirror) mirrorUrl(mirror, '--mirror', 'https://mirror.example.org/debian');
  const own = distributionOf(recipe.from);
  const builders = toolchain && distributionOf(toolchain.from);
  const common = { ...{ store, offline, env, now }, allow };
  return {
    image: { ...common, mirror },
    builder: { ...common, mirror: own === undefined || own === builders ? mirror : undefined },
    compressor: { ...common, mirror: own === compressorDistribution ? mirror : undefined },
  };
}

/**
 * Returns the downloads of `files:` with the recipe's own URLs, which may carry credentials. Files over
 * 1 GiB belong in an archive.
 */
const fileDownloads = ({ files }: Recipe): Download[] =>
  files.flatMap((file) =>
    'url' in file
      ? [{ urls: [file.url], sha256: file.sha256, maxBytes: 1024 ** 3, byRecipe: true }]
      : [],
  );

async function imageDownloads(
  { recipe, platform }: BuildPlan,
  lock: Lock,
  sources: RunSources,
): Promise<Download[]> {
  const { downloads } = await kindOf(recipe.from).load();
  const wanted = wantedOf(recipe, platforms[platform]);
  const ofKind = await downloads(wanted, sourceOf(lock.from), sources);
  return [...ofKind, ...fileDownloads(recipe)];
}

async function builderDownloads(
  { toolchain, locked, reference }: Builder,
  sources: RunSources,
): Promise<readonly Download[]> {
  const { downloads } = await kindOf(toolchain.from).load();
  const wanted = wantedByToolchain(toolchain, platforms[reference.platform]);
  return downloads(wanted, sourceOf(locked.from), sources);
}

/** Brings a builder's inputs into the store. Errors as fetchInputs. */
export const fetchBuilder = async (builder: Builder, sources: RunSources, io: Io): Promise<void> =>
  fetchInto(await builderDownloads(builder, sources), sources, io);

async function fetchInto(
  downloads: readonly Download[],
  { store, offline }: RunSources,
  io: Io,
): Promise<void> {
  await inFetchStage(
    io,
    'Fetching inputs',
    (fetchIo) => store.fetch(downloads, { offline }, fetchIo),
    (blobs) => {
      const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
      return blobs.length === 0 ? '' : `${plural(blobs.length, 'file')}, ${formatBytes(bytes)}`;
    },
  );
}

const allStored = 'everything is in the cache';

/**
 * Runs work that downloads what the store lacks. The stage starts when the first download begins,
 * which the store reports as progress, and is skipped when everything is stored already, or nothing is
 * needed: `detail` is then empty.
 */
export async function inFetchStage<T>(
  { emit, signal }: Io,
  title: string,
  work: (io: Io) => Promise<T>,
  detail: (value: T) => string,
): Promise<T> {
  const stage = 'fetch';
  let started = false;
  const value = await work({
    signal,
    emit: (event) => {
      if (event.type === 'progress' && !started) emit({ type: 'stage-start', stage, title });
      started ||= event.type === 'progress';
      emit(event);
    },
  });
  const what = detail(value);
  if (started) emit({ type: 'stage-done', stage, detail: what });
  else emit({ type: 'stage-skip', stage, reason: what ? `${allStored}: ${what}` : allStored });
  return value;
}

/**
 * Brings every locked input into the store; `missing` is the builder that has yet to be made.
 * Errors: OFFLINE, SOURCE_UNREACHABLE, SOURCE_CORRUPT, NO_SPACE.
 */
export async function fetchInputs(
  plan: BuildPlan,
  lock: Lock,
  missing: Builder | undefined,
  sources: SourcesOfRun,
  io: Io,
): Promise<void> {
  const downloads = [
    ...(missing ? await builderDownloads(missing, sources.builder) : []),
    ...(await imageDownloads(plan, lock, sources.image)),
  ];
  await fetchInto(downloads, sources.image, io);
}
