import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { type Io, stageName } from '../base/events.ts';
import { packageVersion } from '../base/package-root.ts';
import type { Lock } from '../lock/schema.ts';
import { type Nodes, nodesOf, StartAgain } from '../nodes/nodes.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { ReadyBuilder } from './builder.ts';
import { heldTrees } from './held-trees.ts';
import { holdBuilder } from './hold-builder.ts';
import { fetchBuilder } from './inputs/fetch-inputs.ts';
import type { OpenBuild } from './open-build.ts';
import { buildParts, type RootfsParts } from './rootfs-parts.ts';

/**
 * Makes sure that the engine holds the builder. Throws StartAgain when it had to be made and came out
 * otherwise than what was computed in it so far believes.
 */
export async function readyBuilder(
  open: OpenBuild,
  builder: ReadyBuilder,
  io: Io,
  sources = open.sources.builder,
): Promise<void> {
  const fetch = () => fetchBuilder(builder, sources, io);
  const { tree } = await holdBuilder(builder, open, fetch, io);
  if (tree !== builder.tree) throw new StartAgain();
}

/** Returns the nodes of a build in one builder. */
export const nodesIn = (
  open: OpenBuild,
  builder: ReadyBuilder,
  now: Date,
  sources = open.sources.builder,
): Nodes =>
  nodesOf({
    ...{ engine: open.engine, builder, now, mkbase: packageVersion },
    visitor: open.visitor,
    ready: (io) => readyBuilder(open, builder, io, sources),
    hold: heldTrees({ ...open, platform: builder.reference.platform, now }),
    ...{ cache: open.store.folder, state: open.state, folder: open.folder, fresh: open.fresh },
  });

/** The parts of a root filesystem, and the builder and steps that they were made with. */
export interface MadeParts {
  readonly parts: RootfsParts;
  readonly builder: ReadyBuilder | undefined;
  readonly nodes: Nodes | undefined;
}

/** More often than this no builder or step comes out otherwise than before, unless the machine is broken. */
const attempts = 3;

/**
 * Resolves to what `attempt` comes to, which is begun anew where a builder or a step comes out otherwise than was
 * believed. BUILD_OUTPUT, with `what` came out so, when that happens again and again.
 */
export async function settled<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; count <= attempts; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StartAgain)) throw error;
    }
  }
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `${what} came out otherwise ${attempts} times.`,
    hint: 'Check memory and disk; --no-cache makes everything anew.',
  });
}

/** Builds the parts, anew where a builder or a step comes out otherwise than was believed. */
export async function makeParts(
  open: OpenBuild,
  recipe: Recipe,
  lock: Lock,
  believed: ReadyBuilder | undefined,
  now: Date,
  io: Io,
): Promise<MadeParts> {
  const { maker } = open.plan;
  return settled(`The builder or a step of ${recipe.name}`, async () => {
    const builder = believed && (await open.builders.known(believed));
    const nodes = builder && nodesIn(open, builder, now);
    const folder = await mkdtemp(join(open.folder, 'parts-'));
    const context = {
      ...{ store: open.store, folder, builder, make: nodes?.make, stage: stageName.build },
      ...(maker && { maker }),
    };
    try {
      const parts = await buildParts(recipe, lock, context, io);
      return { parts, builder, nodes };
    } catch (error) {
      await nodes?.ended();
      throw error;
    }
  });
}
