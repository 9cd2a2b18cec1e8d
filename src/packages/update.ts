/**
 * Merges two lists of packages: those that `isUpdated` says come from the new list, all others from the
 * old one. A package that only the new list has comes along, since something that was updated needs it;
 * one that only the old list has stays. Sorted by name.
 */
export function mergeUpdated<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  isUpdated: (each: T) => boolean,
): T[] {
  const old = new Set(before.map(({ name }) => name));
  const fresh = after.filter((each) => isUpdated(each) || !old.has(each.name));
  const kept = before.filter((each) => !isUpdated(each));
  return [...kept, ...fresh].sort((a, b) => (a.name < b.name ? -1 : 1));
}
