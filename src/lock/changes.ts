import { MkbaseError } from '../base/errors.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { LockedInput } from '../packages/contract.ts';
import { type From, sourceOf, withSource } from '../recipe/kind.ts';
import { inputSets } from './inputs.ts';
import type { Lock } from './schema.ts';

/** One input that two locks pin differently. */
export interface LockChange {
  /** `image`, or the builder's name. */
  readonly set: string;
  readonly name: string;
  /** Version, or the start of its hash where it has none; undefined for one that was not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

interface Pin {
  readonly set: string;
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

const short = (sha256: string): string => `sha256:${sha256.slice(0, 12)}`;

function pinsOf(lock: Lock | undefined): Map<string, Pin> {
  const pins = (lock === undefined ? [] : inputSets(lock)).flatMap(({ name: set, inputs }) =>
    inputs
      .filter(({ role }) => role !== 'package-tool')
      .map(({ name, version, sha256, comparedAs }) => ({
        set,
        sha256,
        ...(comparedAs ?? { name, version: version ?? short(sha256) }),
      })),
  );
  const named = new Map<string, Pin>();
  for (const pin of pins) {
    let key = `${pin.set} ${pin.name}`;
    // URLs that differ in their queries alone have one name.
    while (named.has(key)) key += ' again';
    named.set(key, pin);
  }
  return named;
}

/** Lists what a newer lock pins otherwise than an older one, by set and name. */
export function lockChanges(before: Lock | undefined, after: Lock): LockChange[] {
  const [old, now] = [pinsOf(before), pinsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key) => {
    const [a, b] = [old.get(key), now.get(key)];
    if (a?.sha256 === b?.sha256) return [];
    const { set, name } = (b ?? a)!;
    // Shows the hash where the version is the same and the bytes differ.
    const same = a !== undefined && b !== undefined && a.version === b.version;
    const shown = (pin: Pin | undefined) => pin && (same ? short(pin.sha256) : pin.version);
    return [{ set, name, before: shown(a), after: shown(b) }];
  });
}

const packagesOf = (inputs: readonly LockedInput[]) =>
  inputs.filter(({ role }) => role === 'package');

const packagesIn = (lock: Lock) => inputSets(lock).flatMap(({ inputs }) => packagesOf(inputs));

/**
 * Returns the newer part of a lock in which only packages of these names are newer, and what has the
 * same source in this part: a builder may be of another distribution than the image.
 */
async function updatedPart(before: From, after: From, names: readonly string[]): Promise<From> {
  if (before.kind !== after.kind) return after;
  const named = [before, after].flatMap((from) =>
    packagesOf(kindOf(from).inputs(sourceOf(from))).filter(({ name }) => names.includes(name)),
  );
  const sources = new Set(named.map(({ name, source }) => source?.name ?? name));
  const { update } = await kindOf(after).load();
  return withSource(after, update(sourceOf(before), sourceOf(after), sources));
}

/**
 * Returns a lock in which only the named packages, and what has the same source, are as in a newer one:
 * packages of one source depend on each other's exact versions. Throws PACKAGE_NOT_FOUND for a name
 * that neither lock has.
 */
export async function updateOnly(
  before: Lock,
  after: Lock,
  names: readonly string[],
): Promise<Lock> {
  const packages = [before, after].flatMap(packagesIn);
  for (const name of names) {
    if (packages.some((each) => each.name === name)) continue;
    throw new MkbaseError({
      code: 'PACKAGE_NOT_FOUND',
      message: `The lock pins no package ${name}, so --only cannot update it.`,
      hint: 'Name one that `mkbase show` lists, or leave --only out to update all.',
    });
  }
  const [old, now] = [before.toolchain, after.toolchain];
  const { compressor } = before;
  return {
    ...after,
    epoch: before.epoch,
    from: await updatedPart(before.from, after.from, names),
    ...(now && {
      toolchain: old ? { ...now, from: await updatedPart(old.from, now.from, names) } : now,
    }),
    ...(compressor && {
      compressor: after.compressor
        ? {
            ...after.compressor,
            from: await updatedPart(compressor.from, after.compressor.from, names),
          }
        : compressor,
    }),
  };
}
