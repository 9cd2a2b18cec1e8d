import type { PlatformName } from '../../base/platform.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { withoutUserParts } from '../../store/show-url.ts';

/** What was asked for besides the recipe, as far as it can change bytes or what is believed. */
export interface Asked {
  readonly platform: PlatformName;
  /** What `--allow` let pass. */
  readonly allow: readonly string[];
  /** SOURCE_DATE_EPOCH, where it was set. */
  readonly sourceDateEpoch?: number;
  /** False with --no-test. */
  readonly test: boolean;
}

/** A recipe's checked fields without where its files stand on this machine, and without secrets. */
function fieldsOf({ origin, fromOrigin, ancestors, release, files, ...fields }: Recipe): object {
  const ownFiles = files.map(({ beside, ...file }) => file);
  return withoutUserParts({ ...fields, files: ownFiles });
}

/** All that a person chose; engine, mirror and names of tags change no byte and are left out. */
export function externalParameters(
  recipe: Recipe,
  asked: Asked,
): Readonly<Record<string, unknown>> {
  const { platform, allow, sourceDateEpoch, test } = asked;
  return {
    recipe: fieldsOf(recipe),
    platform,
    ...(recipe.release !== undefined && { release: recipe.release }),
    ...(allow.length > 0 && { allow: [...allow].sort() }),
    ...(sourceDateEpoch !== undefined && { sourceDateEpoch }),
    ...(!test && { test }),
  };
}
