import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from '../../base/canonical-json.ts';
import { MkbaseError } from '../../base/errors.ts';
import { type JsonRecord, list, record, texts } from '../../base/json.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import { loadRecipe } from '../../kinds/kinds.ts';
import { lockText, readLock } from '../../lock/lock-file.ts';
import type { Lock } from '../../lock/schema.ts';
import { writeWholeFile } from '../../store/write-whole-file.ts';
import { readJsonFile } from '../../verify/json-file.ts';
import { lockFileOf } from '../plan.ts';

/** A build that is done again, and the evidence that it is done from. */
export interface RebuildPlan {
  /** The folder of evidence. */
  readonly folder: string;
  /** The recipe's name, as `mkbase build` takes it. */
  readonly recipe: string;
  readonly lock: Lock;
  readonly provenance: JsonRecord;
  readonly allow: readonly string[];
  /** The values of `--annotation`. */
  readonly annotations: Readonly<Record<string, string>>;
  /** True when the build ran the recipe's tests. */
  readonly test: boolean;
  /** True when the image keeps the layer of its base. */
  readonly keepsBase: boolean;
  /** SOURCE_DATE_EPOCH of the build, if it was set. */
  readonly epoch: string | undefined;
}

const usage = (message: string, hint: string) => new MkbaseError({ code: 'USAGE', message, hint });

/**
 * Returns the name of a recipe that ships with mkbase. Throws USAGE for any other: the evidence holds
 * no path of it.
 */
function recipeOf({ externalParameters, resolvedDependencies }: JsonRecord): string {
  const { recipe, release } = record(externalParameters);
  const { name } = record(recipe);
  const { uri } = record(list(resolvedDependencies)[0]);
  if (String(uri).startsWith('pkg:npm/mkbase@')) {
    return release === undefined ? String(name) : `${name}:${release}`;
  }
  throw usage(
    `The evidence is of a recipe of your own (${name}), and does not say where it is.`,
    'Name it with --recipe, for instance --recipe ./my-app.',
  );
}

/** Reads the plan of a rebuild from a folder of evidence. Errors: USAGE, LOCK_INVALID, IO. */
export async function planRebuild(
  folder: string | undefined,
  recipe: string | undefined,
): Promise<RebuildPlan> {
  const file = folder === undefined ? undefined : join(folder, evidenceNames.lock);
  const lock = file === undefined ? undefined : await readLock(file, false);
  if (folder === undefined || lock === undefined) {
    throw usage(
      'There is no lock beside it to rebuild from.',
      'Name the output folder of the build, or say with --evidence where its evidence is.',
    );
  }
  const name = evidenceNames.provenance;
  const { value: provenance } = await readJsonFile(join(folder, name), name);
  const definition = record(record(provenance?.predicate).buildDefinition);
  if (provenance === undefined || Object.keys(definition).length === 0) {
    throw usage(`${join(folder, name)} does not say what was built.`, 'Build again to have it.');
  }
  const { allow, annotations, test, sourceDateEpoch, layers } = record(
    definition.externalParameters,
  );
  return {
    folder,
    recipe: recipe ?? recipeOf(definition),
    lock,
    provenance,
    allow: list(allow).map(String),
    annotations: texts(annotations),
    test: test !== false,
    keepsBase: layers !== undefined,
    epoch: typeof sourceDateEpoch === 'number' ? String(sourceDateEpoch) : undefined,
  };
}

/**
 * Writes a lock without its epoch: SOURCE_DATE_EPOCH overrides it, so the evidence's lock may have
 * another than the recipe's.
 */
const withoutEpoch = ({ epoch: _, ...lock }: Lock): string => canonicalJson(lock);

/**
 * Lays the lock where a build with the output folder `out` looks for it. A recipe of the user's own has
 * its lock beside it, which is not touched: USAGE when it is another one. `cwd` is where the recipe is
 * looked for.
 */
export async function layLock(
  { recipe, lock, folder }: RebuildPlan,
  out: string,
  cwd: string,
): Promise<void> {
  const loaded = await loadRecipe(recipe, cwd);
  const place = lockFileOf(loaded, lock.platform, out);
  const evidence = join(folder, evidenceNames.lock);
  if (dirname(place) === out) {
    await mkdir(out, { recursive: true });
    await writeWholeFile(place, lockText(lock));
    return;
  }
  const beside = await readLock(place);
  if (beside !== undefined && withoutEpoch(beside) === withoutEpoch(lock)) return;
  throw usage(
    `${place} is ${beside ? 'another lock than' : 'not there; it should be'} the one that this image was built from.`,
    `Take the one of the build: cp ${evidence} ${place}`,
  );
}
