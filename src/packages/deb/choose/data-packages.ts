import { MkbaseError } from '../../../base/errors.ts';
import type { Candidate } from '../index/candidate.ts';
import { universeOf } from '../index/universe.ts';
import type { OpenIndex } from './open-suite.ts';
import { requestedPackage } from './requested.ts';

/** Finds the packages of which only the files are wanted. Errors: PACKAGE_NOT_FOUND. */
export async function dataPackages(
  words: readonly string[],
  indexes: readonly OpenIndex[],
  suite: string,
): Promise<Candidate[]> {
  const found = words.map(async (word) => {
    const { name, architecture = '' } = requestedPackage(word);
    const own = indexes.filter((each) => each.architecture === architecture);
    const candidate = await universeOf(own, architecture).find(name);
    if (candidate !== undefined) return candidate;
    throw new MkbaseError({
      code: 'PACKAGE_NOT_FOUND',
      message: `The suite ${suite} has no package ${name} for ${architecture}.`,
      hint: 'Correct its name, leave it out, or build for another platform.',
      about: [word, name],
    });
  });
  return Promise.all(found);
}

/** Throws PACKAGE_CONFLICT for a name of two architectures: a tree has one record of each name. */
export function requireOneOfEach(packages: readonly Candidate[]): void {
  const names = new Map<string, string>();
  for (const { name, architecture } of packages) {
    const other = names.get(name);
    names.set(name, architecture);
    if (other === undefined) continue;
    throw new MkbaseError({
      code: 'PACKAGE_CONFLICT',
      message: `${name} is wanted for ${other} and for ${architecture}; a tree of unpacked packages has one of each name.`,
      hint: 'Leave one of them out.',
      about: [name],
    });
  }
}
