import type { Component, ComponentKind } from '../../kinds/component.ts';
import type { Claim } from '../../packages/claim.ts';
import { unknownLicence } from '../../packages/licences/licence.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { RootfsView } from '../../rootfs/view.ts';
import { accountClaims, fileClaims, recipeInputs } from './recipe-claims.ts';

/** What a recipe itself adds to a rootfs. */
export interface RecipeParts {
  readonly claims: readonly Claim[];
  /** All that a recipe may have; those that own no path are left out of an inventory. */
  readonly components: readonly Component[];
  /** The step that makes the root file system, where mkbase runs one. */
  readonly build: Component | undefined;
}

function ownComponent(
  recipe: Recipe,
  kind: ComponentKind,
  inputs: Component['inputs'] = recipeInputs(recipe),
): Component {
  return {
    id: `recipe:${kind}`,
    kind,
    name: recipe.name,
    licence: unknownLicence("the recipe's own; mkbase does not guess at its licence"),
    inputs,
    linked: [],
  };
}

/** What `files:`, `accounts:` and `run:` add, and what the step writes that the rootfs is made by. */
export async function recipeParts(
  recipe: Recipe,
  madeByBuild: boolean,
  view: RootfsView,
): Promise<RecipeParts> {
  const files = await fileClaims(recipe, view);
  const claims = [...files.claims, ...(await accountClaims(recipe, view))];
  const build = madeByBuild ? ownComponent(recipe, 'from') : undefined;
  return {
    claims,
    components: [
      ownComponent(recipe, 'files', files.inputs),
      ownComponent(recipe, 'accounts'),
      ownComponent(recipe, 'run'),
      ...(build ? [build] : []),
    ],
    build,
  };
}
