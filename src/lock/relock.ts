import { MkbaseError } from '../base/errors.ts';
import { kindOf } from '../kinds/kinds.ts';
import { type From, sourceOf, withSource } from '../recipe/kind.ts';
import { changedFields } from './request.ts';
import type { Lock } from './schema.ts';

/** The fields that add and drop packages, or arrange them, and leave the others what they were. */
const ofPackages = /(?:^|\.)(?:packages|alternatives|diversions)$/;

/** The fields that choose the inputs of the image, and those of the builder. */
const ofImage = /^(?:platform|from|packages)(?:\.|$)/;
const ofBuilder = /^(?:platform|toolchain)(?:\.|$)/;

function valueAt(asked: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const fields = typeof value === 'object' && value !== null ? value : {};
    return (fields as Record<string, unknown>)[name];
  }, asked);
}

/** Returns the words of a list in a request; none where it is no list. */
const wordsAt = (asked: unknown, path: string): string[] => {
  const value = valueAt(asked, path);
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
};

/** Returns the names of packages that only one of two requests asks for; `hello=1.0` asks for hello. */
function askedAnew(before: unknown, now: unknown, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const [old, fresh] = [wordsAt(before, path), wordsAt(now, path)];
    const differing = [
      ...old.filter((word) => !fresh.includes(word)),
      ...fresh.filter((word) => !old.includes(word)),
    ];
    return differing.map((word) => word.replace(/[=/:<>~@].*$/, ''));
  });
}

const packagesIn = (from: From) =>
  kindOf(from)
    .inputs(sourceOf(from))
    .filter(({ role }) => role === 'package');

/**
 * Returns a part of a lock in which packages that were added or dropped, and what has their sources, are
 * as in the newer one, and the others as they were; the newer one where more than packages changed.
 */
async function relockPart(
  before: From,
  after: From,
  paths: readonly string[],
  asked: readonly string[],
): Promise<From> {
  if (paths.length === 0) return before;
  if (before.kind !== after.kind || !paths.every((path) => ofPackages.test(path))) return after;
  const [old, fresh] = [packagesIn(before), packagesIn(after)];
  const oldNames = new Set(old.map(({ name }) => name));
  const freshNames = new Set(fresh.map(({ name }) => name));
  const moved = [...old, ...fresh].filter(
    ({ name }) => asked.includes(name) || !oldNames.has(name) || !freshNames.has(name),
  );
  const { update } = await kindOf(after).load();
  const sources = new Set(moved.map(({ name, source }) => source?.name ?? name));
  try {
    return withSource(after, update(sourceOf(before), sourceOf(after), sources));
  } catch (error) {
    // The kept ones are of a repository that the distribution has left.
    if (error instanceof MkbaseError && error.code === 'LOCK_STALE') return after;
    throw error;
  }
}

/**
 * Returns the lock for what a recipe asks for now in which all that the recipe did not change is pinned as
 * it was. `after` pins everything anew.
 */
export async function relock(before: Lock, after: Lock): Promise<Lock> {
  const changed = changedFields(before.asked, after.asked);
  const within = (part: RegExp) => changed.filter((path) => part.test(path));
  const [image, builder] = [within(ofImage), within(ofBuilder)];
  const anew = (paths: readonly string[]) => askedAnew(before.asked, after.asked, paths);
  const from = await relockPart(before.from, after.from, image, anew(image));
  const [old, now] = [before.toolchain, after.toolchain];
  const toolchain = old && now && (await relockPart(old.from, now.from, builder, anew(builder)));
  /** A date that the recipe or toolchain states takes effect; else that of what is pinned stays with it. */
  const isStated = (path: string) =>
    changed.includes(path) || valueAt(after.asked, path) !== undefined;
  const keepsEpoch = from !== after.from && !isStated('epoch');
  const keepsDate = toolchain !== now?.from && !isStated('toolchain.epoch');
  return {
    ...after,
    from,
    ...(keepsEpoch && { epoch: before.epoch }),
    ...(now &&
      old &&
      toolchain && {
        toolchain: { ...now, from: toolchain, ...(keepsDate && { epoch: old.epoch }) },
      }),
    ...(before.compressor && { compressor: before.compressor }),
  };
}
