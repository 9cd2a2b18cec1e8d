import type { Candidate } from '../../../packages/deb/index/candidate.ts';
import { meets, type Relation } from '../../../packages/deb/index/relations.ts';
import type { Universe } from '../../../packages/deb/index/universe.ts';

const isMetBy = (relation: Relation, chosen: Iterable<Candidate>): boolean =>
  [...chosen].some(({ provides }) => provides.some((provided) => meets(provided, relation)));

/** Returns the one package that can meet a dependency; undefined for none, and where there is a choice. */
async function onlyOne(
  group: readonly Relation[],
  universe: Universe,
): Promise<Candidate | undefined> {
  const [relation, ...others] = group;
  if (relation === undefined || others.length > 0) return undefined;
  const found = await universe.find(relation.name);
  if (found === undefined || !isMetBy(relation, [found])) return undefined;
  return (await universe.providers(relation.name)).length > 0 ? undefined : found;
}

const excludeEachOther = (chosen: readonly Candidate[]): boolean =>
  chosen.some((candidate) =>
    candidate.conflicts.some((relation) =>
      isMetBy(
        relation,
        chosen.filter((other) => other !== candidate),
      ),
    ),
  );

/**
 * Returns the newest version of each package and what these depend on besides, sorted by name, where that
 * leaves nothing to choose: every dependency is met by the set, or by one package alone. Undefined in any
 * other case, which apt has to decide.
 */
export async function settle(
  names: readonly string[],
  universe: Universe,
): Promise<Candidate[] | undefined> {
  const chosen = new Map<string, Candidate>();
  for (const name of names) {
    const found = await universe.find(name);
    if (found === undefined) return undefined;
    chosen.set(name, found);
  }
  for (const { depends } of chosen.values()) {
    for (const group of depends) {
      if (group.some((relation) => isMetBy(relation, chosen.values()))) continue;
      const found = await onlyOne(group, universe);
      if (found === undefined) return undefined;
      chosen.set(found.name, found);
    }
  }
  const packages = [...chosen.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return excludeEachOther(packages) ? undefined : packages;
}
