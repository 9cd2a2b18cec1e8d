import { join, resolve } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import {
  hostPlatform,
  type PlatformName,
  platformFileName,
  platformNames,
} from '../../base/platform.ts';
import { kindOf, loadBuilder, loadRecipe } from '../../kinds/kinds.ts';
import type { OutputRequest } from '../../outputs/contract.ts';
import { defaultSetOutput, outputOf, setOutputs } from '../../outputs/outputs.ts';
import { sourceOf } from '../../recipe/kind.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { defaultTag, platformFor } from '../plan.ts';
import type { BuildRequest } from '../request.ts';
import type { AskedPlatforms, PlatformBuild, SetPlan } from './request.ts';

/** Tells whether a recipe's toolchain compiles for a platform; one that says that it cannot throws USAGE. */
async function isCompiledFor(recipe: Recipe, target: PlatformName, cwd: string): Promise<boolean> {
  try {
    await loadBuilder(recipe, cwd, { target, machine: hostPlatform().name });
    return true;
  } catch (error) {
    if (error instanceof MkbaseError && error.code === 'USAGE') return false;
    throw error;
  }
}

/** Returns the platforms that a recipe states, that there are inputs for, and that it can be compiled for. */
async function allPlatforms(recipe: Recipe, cwd: string): Promise<readonly PlatformName[]> {
  const { from, platforms: stated } = recipe;
  const platforms: readonly PlatformName[] = stated ?? platformNames;
  const known = kindOf(from).platforms?.(sourceOf(from)) ?? platforms;
  const found: PlatformName[] = [];
  for (const each of platforms) {
    if (known.includes(each) && (await isCompiledFor(recipe, each, cwd))) found.push(each);
  }
  return found;
}

/** Returns the platforms that are asked for, each once, in the order of an index. USAGE, as `platformFor`. */
export async function platformsFor(
  recipe: Recipe,
  asked: AskedPlatforms,
  cwd: string,
): Promise<PlatformName[]> {
  const wanted = asked === 'all' ? await allPlatforms(recipe, cwd) : asked;
  const checked = new Set(wanted.map((each) => platformFor(recipe, each)));
  return platformNames.filter((each) => checked.has(each));
}

/** Returns the folder of a recipe that is built for several platforms. */
const defaultSetOut = ({ name, release }: Recipe): string =>
  join('mkbase-out', [name, ...(release ? [release] : []), 'index'].join('-'));

/** Refuses an output that holds one platform alone, and one that every platform would write to: USAGE. */
function checkOutput(request: OutputRequest): void {
  const { type, dest } = request;
  const { stageSet, isForEach } = outputOf(request);
  if (stageSet || (isForEach && dest === undefined)) return;
  throw new MkbaseError({
    code: 'USAGE',
    message: isForEach
      ? `--output type=${type},dest=${dest}: each of the platforms would write there.`
      : `--output type=${type} holds the image of one platform, and several are asked for.`,
    hint: isForEach
      ? 'Leave dest out: it then goes to the folder of each platform.'
      : `Write ${setOutputs()
          .map(({ name }) => `type=${name}`)
          .join(' or ')}, or name one platform.`,
  });
}

/** Returns the one compression of outputs that hold the same index. USAGE where there are several. */
function formOfAll(outputs: readonly OutputRequest[]): Pick<OutputRequest, 'compression'> {
  const [first = 'none', ...others] = new Set(
    outputs.map(({ compression = 'none' }) => compression),
  );
  if (others.length === 0) return first === 'none' ? {} : { compression: first };
  throw new MkbaseError({
    code: 'USAGE',
    message: `One index lists its images in one form, and ${[first, ...others].join(' and ')} are asked for.`,
    hint: 'Give all outputs the same compression, for instance with --compress.',
  });
}

function buildOf(
  request: BuildRequest,
  platform: PlatformName,
  outDir: string,
  form: Pick<OutputRequest, 'compression'>,
  own: readonly OutputRequest[],
): PlatformBuild {
  const outputs = [{ ...defaultSetOutput(), ...form }, ...own];
  const out = join(outDir, platformFileName(platform));
  return { platform, request: { ...request, platform, out, outputs } };
}

/**
 * Plans the build of a recipe for several platforms. Each is built as if it were the only one, into a
 * folder of its own with its lock and evidence. Errors: RECIPE_*, USAGE.
 */
export async function planSet(
  request: BuildRequest,
  asked: AskedPlatforms,
  cwd: string,
): Promise<SetPlan> {
  const recipe = await loadRecipe(request.recipe, cwd);
  const platforms = await platformsFor(recipe, asked, cwd);
  const wanted = request.outputs.length > 0 ? request.outputs : [defaultSetOutput()];
  for (const each of wanted) checkOutput(each);
  const own = wanted.filter((each) => outputOf(each).isForEach);
  const outputs = wanted.filter((each) => outputOf(each).stageSet !== undefined);
  const form = formOfAll(outputs);
  const outDir = resolve(cwd, request.out ?? defaultSetOut(recipe));
  return {
    recipe: recipe.name,
    outDir,
    builds: platforms.map((platform) => buildOf(request, platform, outDir, form, own)),
    outputs,
    ...form,
    tags: request.tags.length > 0 ? request.tags : [defaultTag(recipe)],
    annotations: request.annotations ?? {},
  };
}
