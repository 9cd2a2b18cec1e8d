import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { readRegular } from '../../base/regular-file.ts';
import { readLock } from '../../lock/lock-file.ts';
import type { Lock } from '../../lock/schema.ts';
import { holdsEvidence } from '../../verify/evidence-files.ts';
import { imagesIn, type VerifyRequest } from '../../verify/verify.ts';
import type { CommandContext } from '../command-context.ts';
import type { LookOptions } from '../verify/look.ts';
import { openSubject } from '../verify/subject.ts';

/** A side of a comparison, ready to be read. */
export interface SideRequest extends VerifyRequest {
  readonly lock?: Lock;
  /** Removes what was made to read it. */
  dispose(): Promise<void>;
}

const nothing = async () => {};

const kindOf = (path: string) => stat(path).catch(() => undefined);

async function isRecipe(path: string): Promise<boolean> {
  const found = await kindOf(path);
  if (found?.isDirectory()) {
    return !(await holdsEvidence(path)) && (await kindOf(join(path, 'recipe.yaml'))) !== undefined;
  }
  return found?.isFile() === true && /\.ya?ml$/.test(path);
}

/** Finds a recipe's last build in its default output folder, and the lock beside the recipe. */
async function ofRecipe(word: string, cwd: string): Promise<SideRequest> {
  const [{ loadRecipe }, { defaultOut, lockFileOf }, { hostPlatform }] = await Promise.all([
    import('../../kinds/kinds.ts'),
    import('../../pipeline/plan.ts'),
    import('../../base/platform.ts'),
  ]);
  const recipe = await loadRecipe(word, cwd);
  const platform = hostPlatform().name;
  const folder = resolve(cwd, defaultOut(recipe, platform));
  const lock = await readLock(lockFileOf(recipe, platform, folder));
  const built = await holdsEvidence(folder);
  if (built || lock) {
    const images = built ? await imagesIn(folder) : [];
    const evidence = built ? { evidence: folder } : {};
    return { subject: word, images, ...evidence, ...(lock && { lock }), dispose: nothing };
  }
  throw new MkbaseError({
    code: 'USAGE',
    message: `The recipe ${word} has neither a lock nor an output folder here.`,
    hint: `Build it (\`mkbase ${word}\`) or pin it (\`mkbase lock ${word}\`) first.`,
  });
}

async function isLock(path: string): Promise<boolean> {
  if (!path.endsWith('.json') || !(await kindOf(path))?.isFile()) return false;
  const bytes = await readRegular(path, { most: 256 * 1024 ** 2, follow: true });
  return bytes?.includes('"lockVersion"') ?? false;
}

async function isBuiltIn(word: string): Promise<boolean> {
  const [{ builtInRecipes }, { packageRoot }] = await Promise.all([
    import('../../recipe/find.ts'),
    import('../../base/package-root.ts'),
  ]);
  const [bare] = word.split(':');
  return (await builtInRecipes(packageRoot)).some(({ name }) => name === bare);
}

/**
 * Finds what a word names, as `verify` does; besides that a lock (a .json file) and a recipe, which
 * stands for its last build, or for its lock where it was not built. Errors as openSubject, RECIPE_*,
 * LOCK_INVALID.
 */
export async function openSide(
  word: string,
  options: LookOptions,
  context: CommandContext,
  io: Io,
): Promise<SideRequest> {
  const { cwd } = context;
  const path = resolve(cwd, word);
  if (await isLock(path)) {
    const lock = await readLock(path);
    return { subject: word, images: [], ...(lock && { lock }), dispose: nothing };
  }
  if (await isRecipe(path)) return ofRecipe(word, cwd);
  if ((await kindOf(path)) === undefined && (await isBuiltIn(word))) return ofRecipe(word, cwd);
  return openSubject(word, options, context, io);
}
