import { MkbaseError } from '../base/errors.ts';
import { type PartOfBase, partOfBase } from '../lock/base-lock.ts';
import { outputOf } from '../outputs/outputs.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { BuildRequest } from './request.ts';

/** The base whose layer an image keeps. */
export interface KeptBase {
  readonly recipe: Recipe;
  /** Its place in the lock of the recipe that extends it. */
  readonly part: PartOfBase;
}

const usage = (message: string, hint: string) => new MkbaseError({ code: 'USAGE', message, hint });

/** Refuses outputs that cannot hold an image of two layers. Throws USAGE. */
function refuseOneLayer({ outputs }: BuildRequest): void {
  for (const request of outputs) {
    const { name, oneLayer } = outputOf(request);
    if (oneLayer === undefined) continue;
    throw usage(
      `--layers base with --output type=${name}: ${oneLayer}.`,
      'Take type=docker, which loads an image of several layers, or type=oci or type=registry; or leave --layers out.',
    );
  }
}

/**
 * Returns the base whose layer a request keeps; undefined where it asks for one layer. Throws USAGE for a recipe that
 * has none, for one of whose lock the base's part cannot be told, and for outputs that hold one layer.
 */
export function keptBase(recipe: Recipe, request: BuildRequest): KeptBase | undefined {
  if (request.layers !== 'base') return undefined;
  const { name, base } = recipe;
  if (base === undefined) {
    throw usage(
      `--layers base: ${name} extends no recipe whose layer it could keep.`,
      'Leave --layers out, or say in the recipe with "extends" what it stands on.',
    );
  }
  const part = partOfBase(recipe, base);
  if (typeof part === 'string') {
    throw usage(
      `--layers base: ${name} ${part}, so its lock does not tell what ${base.name} alone is made from.`,
      `Put that into ${base.name} or a recipe between the two, which then is the base; or leave --layers out.`,
    );
  }
  refuseOneLayer(request);
  return { recipe: base, part };
}
