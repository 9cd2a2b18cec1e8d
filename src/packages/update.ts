/**
 * Merges two lists of packages: those that `isUpdated` says come from the new list, all others from the
 * old one. A package that only the new list has comes along, since something that was updated needs it;
 * one that only the old list has stays. Sorted by name.
 */
export function mergeUpdated<T extends { readonly name: string; readonly architecture?: string }>(
  before: readonly T[],
  after: readonly T[],
  isUpdated: (each: T) => boolean,
): T[] {
  // Packages of several architectures may have one name.
  const keyOf = ({ name, architecture = '' }: T) => `${name} ${architecture}`;
  const old = new Set(before.map(keyOf));
  const fresh = after.filter((each) => isUpdated(each) || !old.has(keyOf(each)));
  const kept = before.filter((each) => !isUpdated(each));
  return [...kept, ...fresh].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** A package, and the hash of the index that lists it where that is not the newest of its suite. */
interface Listed {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly index?: string | undefined;
}

/** Locked packages, and the signed indexes that list them. */
interface LockedSet<P extends Listed, I> {
  readonly packages: readonly P[];
  readonly indexes: readonly I[];
}

/** The hash of an index, and the index of a package among others. */
interface IndexWays<P, I> {
  hash(index: I): string;
  of(each: P, indexes: readonly I[]): I | undefined;
}

/**
 * Returns merged packages with their indexes: one that was kept, and that the newer set does not have,
 * hangs on the index from which it was chosen, which stays in the lock behind the newer ones.
 */
export function withTheirIndexes<P extends Listed, I>(
  merged: readonly P[],
  before: LockedSet<P, I>,
  after: LockedSet<P, I>,
  { hash, of }: IndexWays<P, I>,
): { packages: P[]; indexes: I[] } {
  const keyOf = ({ name, version, sha256 }: P) => `${name} ${version} ${sha256}`;
  const newer = new Map(after.packages.map((each) => [keyOf(each), each]));
  const current = new Set(after.indexes.map(hash));
  const indexes = new Map(after.indexes.map((index) => [hash(index), index]));
  const packages = merged.map((each) => {
    const same = newer.get(keyOf(each));
    const old = of(each, before.indexes);
    if (same !== undefined || old === undefined || current.has(hash(old))) return same ?? each;
    indexes.set(hash(old), old);
    return { ...each, index: hash(old) };
  });
  return { packages, indexes: [...indexes.values()] };
}
