import * as z from 'zod';
import { digestOf } from '../../base/canonical-json.ts';
import {
  type From,
  kindIn,
  type RecipeKind,
  sourceOf,
  type ToolchainChoice,
  withSource,
} from '../../recipe/kind.ts';
import { anyOf } from '../any-of.ts';
import type { Kind } from '../contract.ts';
import type { LockedStack, StackSource } from './stack-source.ts';

/**
 * Returns the toolchain that compiles the top, with what the base's own steps call besides: those run on the
 * image's own platform.
 */
function toolchainOf(
  chosen: ToolchainChoice | undefined,
  tools: readonly string[],
): ToolchainChoice | undefined {
  if (chosen === undefined || tools.length === 0) return chosen;
  const { extends: name, packages } =
    typeof chosen === 'string' ? { extends: chosen, packages: [] } : chosen;
  return { extends: name, packages: [...new Set([...packages, ...tools])], onTarget: true };
}

/** Returns the fields of each of the kinds that name files beside the recipe, as they stand in a stack. */
const pathsIn = (kinds: readonly Kind[]): RecipeKind['paths'] =>
  Object.fromEntries(
    kinds.flatMap(({ name, paths }) =>
      Object.entries(paths).flatMap(([path, form]) =>
        ['base', 'top'].map((part) => [`${part}.${name}.${path}`, form]),
      ),
    ),
  );

/**
 * Makes the kind of a recipe that has both `extends` and `from`: the tree of one kind laid over that of
 * another. No recipe names it. It asks the two kinds for all that is theirs, so that whatever works for each
 * of them works for both together.
 */
export function stackOf(kinds: readonly Kind[]): Kind<StackSource, LockedStack> {
  const kindOf = (from: From): Kind => kindIn(kinds, from);
  const both = <T>({ base, top }: LockedStack, each: (kind: Kind, part: unknown) => readonly T[]) =>
    [base, top].flatMap((from) => each(kindOf(from), sourceOf(from)));
  const choosing = (from: From): unknown => {
    const { choosing } = kindOf(from);
    return choosing === undefined ? from : withSource(from, choosing(sourceOf(from)));
  };
  const fits = (from: From, locked: From, packages: readonly string[]): boolean =>
    from.kind === locked.kind &&
    (kindOf(from).fits?.(sourceOf(from), sourceOf(locked), packages) ?? true);
  return {
    name: 'stack',
    title: ({ base, top }) => `${top.kind} on ${base.kind}`,
    schema: z.strictObject({
      base: anyOf(kinds, 'schema'),
      top: anyOf(kinds, 'schema'),
      below: z.int().min(1),
    }),
    stacks: (base, top, below) => ({ base, top, below }),
    recipesBelow: ({ below }) => below,
    paths: pathsIn(kinds),
    trees: (source) => both(source, (kind, part) => kind.trees?.(part) ?? []),
    builder: ({ base, top }, packages) => {
      const { builder, tools = [] } = kindOf(base);
      const needed = builder(sourceOf(base), packages) === undefined ? [] : tools;
      return toolchainOf(kindOf(top).builder(sourceOf(top), []), needed);
    },
    packages: {
      problem: ({ base }) => kindOf(base).packages.problem?.(sourceOf(base)),
      form: ({ base }) => kindOf(base).packages.form?.(sourceOf(base)),
      join: (source, packages) => {
        const { join } = kindOf(source.base).packages;
        if (join === undefined) return source;
        return { ...source, base: withSource(source.base, join(sourceOf(source.base), packages)) };
      },
    },
    release: (source) => {
      const choice = kindOf(source.base).release?.(sourceOf(source.base));
      return (
        choice && {
          ...choice,
          with: (release) => ({ ...source, base: withSource(source.base, choice.with(release)) }),
        }
      );
    },
    support: ({ base }, now) => kindOf(base).support?.(sourceOf(base), now),
    pinnedSupport: ({ base }) => kindOf(base).pinnedSupport?.(sourceOf(base)),
    inherited: (source, name) => {
      const { inherited } = kindOf(source.top);
      if (inherited === undefined) return source;
      return { ...source, top: withSource(source.top, inherited(sourceOf(source.top), name)) };
    },
    choosing: ({ base, top }) => ({ base: choosing(base), top: choosing(top) }),
    stated: ({ base }, asked) => (kindOf(base).choosing === undefined ? { base: asked.base } : {}),
    lockSchema: z.strictObject({
      base: anyOf(kinds, 'lockSchema'),
      top: anyOf(kinds, 'lockSchema'),
    }),
    fits: ({ base, top }, locked, packages) =>
      fits(base, locked.base, packages) && fits(top, locked.top, []),
    tellsBase: (source, base) => {
      const isSame = base.added.length === 0 && digestOf(source.base) === digestOf(base.from);
      return isSame || (kindOf(source.base).tellsBase?.(sourceOf(source.base), base) ?? false);
    },
    lockedBase: (locked, base) => {
      if (base.added.length === 0) return locked.base;
      return kindOf(locked.base).lockedBase?.(sourceOf(locked.base), base) ?? locked.base;
    },
    onLockedBase: (locked, base) => ({ ...locked, base }),
    inputs: (locked) => both(locked, (kind, part) => kind.inputs(part)),
    indexes: (locked) => both(locked, (kind, part) => kind.indexes(part)),
    date: ({ base }) => kindOf(base).date(sourceOf(base)),
    distro: ({ base }) => kindOf(base).distro?.(sourceOf(base)),
    platforms: ({ base, top }) => {
      const [below, above] = [base, top].map((from) => kindOf(from).platforms?.(sourceOf(from)));
      return below && above ? below.filter((each) => above.includes(each)) : (below ?? above);
    },
    distribution: ({ base }) => kindOf(base).distribution(sourceOf(base)),
    programs: ({ top }, name) => kindOf(top).programs?.(sourceOf(top), name) ?? new Map(),
    starter: () => {
      throw new Error('no recipe names this kind');
    },
    load: async () => {
      const works = kinds.map(async (kind) => [kind.name, await kind.load()] as const);
      const { stackWork } = await import('./work.ts');
      return stackWork(new Map(await Promise.all(works)));
    },
  };
}
