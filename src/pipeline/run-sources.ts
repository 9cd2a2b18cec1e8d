import type { Invocation } from '../base/invocation.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { RunSources } from '../packages/sources.ts';
import { type From, sourceOf } from '../recipe/kind.ts';
import type { Store } from '../store/store.ts';
import type { BuildPlan } from './plan.ts';
import type { BuildRequest } from './request.ts';

/** Where the inputs of the image come from, and those of its builder. */
export interface SourcesOfRun {
  readonly image: RunSources;
  readonly builder: RunSources;
}

const distributionOf = (from: From): string | undefined =>
  kindOf(from).distribution(sourceOf(from));

/**
 * Returns where this run takes bytes from. `--mirror` names one of the recipe's own distribution,
 * and the builder's packages come from it only where they are of the same.
 */
export function sourcesOfRun(
  { recipe, toolchain }: Pick<BuildPlan, 'recipe' | 'toolchain'>,
  { mirror, offline, allow = [] }: Pick<BuildRequest, 'mirror' | 'offline' | 'allow'>,
  { env, now }: Invocation,
  store: Store,
): SourcesOfRun {
  const own = distributionOf(recipe.from);
  const builders = toolchain && distributionOf(toolchain.from);
  const common = { ...{ store, offline, env, now }, allow };
  return {
    image: { ...common, mirror },
    builder: { ...common, mirror: own === undefined || own === builders ? mirror : undefined },
  };
}
