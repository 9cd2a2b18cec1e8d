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
import { createSeveralUi, type Outcome } from '../ui/several.ts';
import type { BuildOptions, OutcomeOptions } from './build-request.ts';
import { type CommandContext, invocationOf, whileEditing } from './command-context.ts';
import { openResultSigner } from './sign/sign-results.ts';
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

/**
 * Builds several recipes side by side. One that fails does not stop the others. Resolves to the exit code of
 * the first, in the order given, that failed.
 */
export async function buildSeveral(
  requests: readonly BuildRequest[],
  options: Options,
  context: CommandContext,
): Promise<number> {
  const { signal } = context;
  const result = options.quiet ? 'id' : 'summary';
  const progress = options.quiet ? 'none' : options.progress;
  await refuseShared(requests, context.cwd);
  const signer = await openResultSigner(options.sign, context, () => {});
  const names = requests.map(({ recipe }) => recipe);
  const ui = createSeveralUi({ ...context, progress, result }, names);
  // Each of the builds listens with whatever it has running.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', () => ui.stopping());
  const outcomeOf = async (asked: BuildRequest): Promise<Outcome> => {
    const { recipe: build } = asked;
    const vouching = options.sign === undefined ? {} : { vouch: signer.sign };
    const request = { ...asked, ...whileEditing(context), ...vouching };
    try {
      signal.throwIfAborted();
      const io = { emit: ui.emitOf(build), signal };
      const built = await buildImage(request, invocationOf(context), io);
      return { build, result: built };
    } catch (error) {
      return { build, error: asMkbaseError(suggestCommand(error, build)) };
    }
  };
  const work = async (request: BuildRequest) => {
    const outcome = await outcomeOf(request);
    ui.ended(outcome);
    return outcome;
  };
  // No build is stopped by another one, nor left out: one that has not begun says that it was interrupted.
  const apart = { emit: () => {}, signal: new AbortController().signal };
  const building = mapConcurrent(requests, options.jobs ?? sideBySide(), work, apart);
  const outcomes = await building.finally(() => signer.dispose());
  await ui.finish(outcomes);
  const failed = outcomes.find((outcome) => 'error' in outcome);
  return failed === undefined ? 0 : exitCodes[failed.error.code];
}
