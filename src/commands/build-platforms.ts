import { MkbaseError } from '../base/errors.ts';
import { defaultSetOutput } from '../outputs/outputs.ts';
import { joinSet } from '../pipeline/image-set/join-set.ts';
import { planSet } from '../pipeline/image-set/plan-set.ts';
import type { AskedPlatforms, SetPlan, SetResult } from '../pipeline/image-set/request.ts';
import { asMkbaseError } from '../ui/error-text.ts';
import { setSummary } from '../ui/set-summary.ts';
import type { Outcome } from '../ui/several.ts';
import { type BuildOptions, buildRequest, type OutcomeOptions } from './build-request.ts';
import { buildSideBySide, exitCodeOf } from './build-several.ts';
import { type CommandContext, invocationOf } from './command-context.ts';
import { writeResultFiles } from './result-files.ts';

type Options = BuildOptions & OutcomeOptions;

/** Refuses options that speak of the one image of one platform: USAGE. */
function refuseForPlatforms({ sarif, inputs, onFailure }: Options): void {
  const given = [
    sarif !== undefined && '--sarif',
    inputs !== undefined && '--inputs',
    onFailure !== undefined && '--on-failure',
  ].filter((flag) => typeof flag === 'string');
  if (given.length === 0) return;
  throw new MkbaseError({
    code: 'USAGE',
    message: `${given.join(', ')}: this is for one platform, and several are asked for.`,
    hint: 'Call mkbase once for each platform.',
  });
}

/** The end of the build of one recipe for several platforms. */
interface SetOutcome {
  readonly result?: SetResult;
  /** The failure of the index itself; those of its platforms are told apart. */
  readonly failed?: Outcome;
}

const nameOf = ({ recipe }: SetPlan, platform: string): string => `${recipe} ${platform}`;

/** Writes the result to the files that options name, and returns what goes to stdout. */
async function report(done: readonly SetResult[], options: Options, context: CommandContext) {
  const { json, quiet } = options;
  for (const result of done) await writeResultFiles(result, result.indexDigest, options);
  if (json) return done.map((result) => `${JSON.stringify(result)}\n`).join('');
  if (quiet) return done.map(({ indexDigest }) => `${indexDigest}\n`).join('');
  return done.map((result) => setSummary(result, context)).join('');
}

/** Says of each platform what its build would find and make. */
async function dryRun(plans: readonly SetPlan[], options: Options, context: CommandContext) {
  const { showDryRun } = await import('./dry-run.ts');
  for (const { builds } of plans) {
    for (const { request } of builds) await showDryRun(request, options, context);
  }
  return 0;
}

/** Plans each recipe for the platforms that are asked for. Errors: RECIPE_*, USAGE. */
const planSets = (
  recipes: readonly string[],
  platforms: AskedPlatforms,
  options: Options,
  context: CommandContext,
): Promise<SetPlan[]> => {
  const { cwd } = context;
  const { output = [], push, compress } = options;
  // An index goes to a layout where nothing else is asked for.
  const isBare = compress !== undefined && output.length === 0 && !push;
  const asked = isBare ? { ...options, output: [`type=${defaultSetOutput().type}`] } : options;
  const plan = async (recipe: string) =>
    planSet(await buildRequest(recipe, asked, cwd), platforms, cwd);
  return Promise.all(recipes.map(plan));
};

/**
 * Builds each recipe for several platforms side by side, and puts the images of each under one index. A
 * platform that fails stops neither the others nor the other recipes; its recipe then has no index.
 * Resolves to the exit code of the first that failed.
 */
export async function buildPlatforms(
  recipes: readonly string[],
  platforms: AskedPlatforms,
  options: Options,
  context: CommandContext,
): Promise<number> {
  refuseForPlatforms(options);
  const plans = await planSets(recipes, platforms, options, context);
  if (options.dryRun) return dryRun(plans, options, context);
  const builds = plans.flatMap((plan) =>
    plan.builds.map(({ platform, request }) => ({ name: nameOf(plan, platform), request })),
  );
  const shown = options.json || options.quiet ? 'none' : 'summary';
  return buildSideBySide(builds, shown, options, context, async (outcomes, { ui, signer }) => {
    const joined = async (plan: SetPlan): Promise<SetOutcome> => {
      const names = new Set(plan.builds.map(({ platform }) => nameOf(plan, platform)));
      const own = outcomes.filter(({ build }) => names.has(build));
      const results = own.flatMap((each) => ('result' in each ? [each.result] : []));
      if (results.length < own.length) return {};
      try {
        const io = { emit: ui.emitOf(own[0]?.build ?? ''), signal: context.signal };
        const vouch = options.sign === undefined ? undefined : signer.signIndex;
        return { result: await joinSet(plan, results, vouch, invocationOf(context), io) };
      } catch (error) {
        return { failed: { build: plan.recipe, error: asMkbaseError(error) } };
      }
    };
    const sets: SetOutcome[] = [];
    for (const plan of plans) sets.push(await joined(plan));
    const failures = sets.flatMap(({ failed }) => (failed ? [failed] : []));
    await ui.finish([...outcomes, ...failures]);
    const done = sets.flatMap(({ result }) => (result ? [result] : []));
    context.stdout.write(await report(done, options, context));
    return exitCodeOf([...outcomes, ...failures]);
  });
}
