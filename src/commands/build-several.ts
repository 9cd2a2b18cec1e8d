import { setMaxListeners } from 'node:events';
import { availableParallelism, freemem } from 'node:os';
import { exitCodes, MkbaseError } from '../base/errors.ts';
import { mapConcurrent } from '../base/map-concurrent.ts';
import { hostPlatform } from '../base/platform.ts';
import { loadRecipe } from '../kinds/kinds.ts';
import { buildImage } from '../pipeline/build-image.ts';
import { defaultOut } from '../pipeline/plan.ts';
import type { BuildRequest } from '../pipeline/request.ts';
import { asMkbaseError } from '../ui/error-text.ts';
import { createSeveralUi, type Outcome, type SeveralUi } from '../ui/several.ts';
import type { ResultMode } from '../ui/summary.ts';
import type { BuildOptions, OutcomeOptions } from './build-request.ts';
import { type CommandContext, invocationOf, whileEditing } from './command-context.ts';
import { openResultSigner, type ResultSigner } from './sign/sign-results.ts';
import { suggestCommand } from './usage-error.ts';

/** Memory that a compiler or a package manager takes, as a rule, beside what is mkbase's own. */
const bytesOfBuild = 1024 ** 3;

/** Returns how many builds are run side by side: as many as there are cores, and memory for. */
const sideBySide = (): number =>
  Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / bytesOfBuild)));

type Options = BuildOptions & OutcomeOptions;

/** Returns the folder that a build writes to; undefined for a recipe that cannot be read, which its build tells. */
async function outOf({ recipe, platform }: BuildRequest, cwd: string): Promise<string | undefined> {
  const loaded = await loadRecipe(recipe, cwd).catch(() => undefined);
  return loaded && defaultOut(loaded, platform ?? hostPlatform().name);
}

/** Refuses recipes that would write over each other's files: USAGE. */
async function refuseShared(requests: readonly BuildRequest[], cwd: string): Promise<void> {
  const users = new Map<string, string>();
  for (const request of requests) {
    const out = await outOf(request, cwd);
    const other = out === undefined ? undefined : users.get(out);
    if (out !== undefined) users.set(out, request.recipe);
    if (other === undefined) continue;
    throw new MkbaseError({
      code: 'USAGE',
      message: `${other} and ${request.recipe} both write to ${out}.`,
      hint: 'Give one of the recipes another name, or call mkbase once for each with --out.',
    });
  }
}

/** One of several builds, and the name by which it is shown. */
export interface NamedBuild {
  readonly name: string;
  readonly request: BuildRequest;
}

/** The signer, the view and the options that several builds share. */
interface Shared {
  readonly ui: SeveralUi;
  readonly signer: ResultSigner;
  readonly options: Options;
  readonly context: CommandContext;
}

/** Builds one of several. Never rejects. */
async function outcomeOf(
  { name, request: asked }: NamedBuild,
  { ui, signer, options, context }: Shared,
): Promise<Outcome> {
  const { signal } = context;
  try {
    signal.throwIfAborted();
    const vouching = options.sign === undefined ? {} : { vouch: signer.sign };
    const request = { ...asked, ...whileEditing(context), ...vouching };
    const io = { emit: ui.emitOf(name), signal };
    const built = await buildImage(request, invocationOf(context), io);
    return { build: name, result: built };
  } catch (error) {
    return { build: name, error: asMkbaseError(suggestCommand(error, asked.recipe)) };
  }
}

/**
 * Runs builds side by side. One that fails does not stop the others. `use` is given how each ended, in the
 * order given, while the view is still there; `result` says what the view prints of them.
 */
export async function buildSideBySide<T>(
  builds: readonly NamedBuild[],
  result: ResultMode,
  options: Options,
  context: CommandContext,
  use: (outcomes: readonly Outcome[], shared: Shared) => Promise<T>,
): Promise<T> {
  const { signal } = context;
  const progress = options.quiet ? 'none' : options.progress;
  const signer = await openResultSigner(options.sign, context, () => {});
  const names = builds.map(({ name }) => name);
  const ui = createSeveralUi({ ...context, progress, result }, names);
  // Each of the builds listens with whatever it has running.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', () => ui.stopping());
  const shared = { ui, signer, options, context };
  const work = async (build: NamedBuild) => {
    const outcome = await outcomeOf(build, shared);
    ui.ended(outcome);
    return outcome;
  };
  // No build is stopped by another one, nor left out: one that has not begun says that it was interrupted.
  const apart = { emit: () => {}, signal: new AbortController().signal };
  try {
    const outcomes = await mapConcurrent(builds, options.jobs ?? sideBySide(), work, apart);
    return await use(outcomes, shared);
  } finally {
    await signer.dispose();
  }
}

/** Returns the exit code of the first build, in the order given, that failed; 0 if none did. */
export function exitCodeOf(outcomes: readonly Outcome[]): number {
  const failed = outcomes.find((outcome) => 'error' in outcome);
  return failed === undefined ? 0 : exitCodes[failed.error.code];
}

/**
 * Builds several recipes side by side. Resolves to the exit code of the first, in the order given, that
 * failed.
 */
export async function buildSeveral(
  requests: readonly BuildRequest[],
  options: Options,
  context: CommandContext,
): Promise<number> {
  await refuseShared(requests, context.cwd);
  const builds = requests.map((request) => ({ name: request.recipe, request }));
  const result = options.quiet ? 'id' : 'summary';
  return buildSideBySide(builds, result, options, context, async (outcomes, { ui }) => {
    await ui.finish(outcomes);
    return exitCodeOf(outcomes);
  });
}
