import { MkbaseError } from '../../../base/errors.ts';
import type { Candidate } from '../index/candidate.ts';
import { meets, showRelation } from '../index/relations.ts';

/** Refuses a set in which one package conflicts with or breaks another (Debian Policy 7.3, 7.4). */
export function refuseConflicts(packages: readonly Candidate[]): void {
  const byProvided = new Map<string, Candidate[]>();
  for (const candidate of packages) {
    for (const name of new Set(candidate.provides.map((provided) => provided.name))) {
      byProvided.set(name, [...(byProvided.get(name) ?? []), candidate]);
    }
  }
  for (const candidate of packages) {
    for (const relation of candidate.conflicts) {
      // A package may conflict with a name that it provides itself: nobody else may then provide it.
      const other = byProvided
        .get(relation.name)
        ?.find(
          (rival) => rival !== candidate && rival.provides.some((one) => meets(one, relation)),
        );
      if (other !== undefined) throw conflict(candidate, other, showRelation(relation));
    }
  }
}

function conflict(candidate: Candidate, other: Candidate, relation: string): MkbaseError {
  return new MkbaseError({
    code: 'PACKAGE_CONFLICT',
    message: `${candidate.name} ${candidate.version} and ${other.name} ${other.version} exclude each other: ${candidate.name} conflicts with ${relation}.`,
    hint: 'Leave one of them out with "exclude", or name in "packages" the alternative that fits.',
    about: [candidate.name, other.name],
  });
}
