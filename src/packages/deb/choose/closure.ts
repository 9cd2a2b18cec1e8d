import { MkbaseError } from '../../../base/errors.ts';
import { didYouMean } from '../../near-names.ts';
import type { Candidate } from '../index/candidate.ts';
import { meets, type Relation, showGroup, showRelation } from '../index/relations.ts';
import type { Universe } from '../index/universe.ts';

/** The packages that are wanted, and those that are left out. */
export interface ClosureRequest {
  readonly packages: readonly string[];
  /** Names that count as met though no package is chosen for them. */
  readonly exclude: ReadonlySet<string>;
}

/** A dependency that must be met, and the packages that led to it. */
interface Need {
  readonly group: readonly Relation[];
  readonly chain: readonly string[];
}

/**
 * Returns the packages wanted and all that they depend on (Depends and Pre-Depends), sorted by name.
 * The same request and indexes give the same set, in any order of the names:
 * dependencies that leave no choice come first, then alternatives in the order in which they were
 * met; of alternatives the first that exists and fits is taken, of several providers the one with
 * the most important priority, then the first by name. Essential packages are not implied. Errors:
 * PACKAGE_NOT_FOUND, PACKAGE_CONFLICT.
 */
export async function closure(universe: Universe, request: ClosureRequest): Promise<Candidate[]> {
  const selected = new Map<string, Candidate>();
  const certain: Need[] = [];
  const open: Need[] = [];
  const select = async (candidate: Candidate, chain: readonly string[]) => {
    selected.set(candidate.name, candidate);
    for (const group of candidate.depends) {
      const need = { group, chain: [...chain, candidate.name] };
      const noChoice = group.length === 1 && (await universe.find(group[0]!.name)) !== undefined;
      (noChoice ? certain : open).push(need);
    }
  };
  for (const name of [...new Set(request.packages)].sort()) {
    await select(await wanted(universe, name), []);
  }
  const next = () => certain.shift() ?? open.shift();
  for (let need = next(); need !== undefined; need = next()) {
    if (await isMet(need, selected, universe, request.exclude)) continue;
    await select(await choose(need, universe), need.chain);
  }
  const packages = [...selected.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  refuseConflicts(packages);
  return packages;
}

async function wanted(universe: Universe, name: string): Promise<Candidate> {
  const found = await universe.find(name);
  if (found !== undefined) return found;
  const providers = (await universe.providers(name)).map((provider) => provider.name);
  throw new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `There is no package ${name} in the suite.${didYouMean(name, await universe.names())}`,
    hint:
      providers.length > 0
        ? `${name} is a virtual package; name one that provides it: ${providers.slice(0, 5).join(', ')}.`
        : 'Check the spelling, the suite and the components in the recipe.',
    about: [name],
  });
}

async function isMet(
  need: Need,
  selected: ReadonlyMap<string, Candidate>,
  universe: Universe,
  exclude: ReadonlySet<string>,
): Promise<boolean> {
  for (const relation of need.group) {
    if (exclude.has(relation.name)) return true;
    for (const candidate of selected.values()) {
      if (candidate.provides.some((provided) => meets(provided, relation))) return true;
    }
    const providers = exclude.size === 0 ? [] : await universe.providers(relation.name);
    if (providers.some((provider) => exclude.has(provider.name))) return true;
  }
  return false;
}

const priorities = ['required', 'important', 'standard', 'optional', 'extra'];

function importance(candidate: Candidate): number {
  const place = priorities.indexOf(candidate.fields.get('priority') ?? '');
  return place < 0 ? priorities.length : place;
}

async function choose(need: Need, universe: Universe): Promise<Candidate> {
  const rejected: Candidate[] = [];
  for (const relation of need.group) {
    const fits = (candidate: Candidate) =>
      candidate.provides.some((provided) => meets(provided, relation));
    const named = await universe.find(relation.name);
    if (named !== undefined && fits(named)) return named;
    if (named !== undefined) rejected.push(named);
    const providers = (await universe.providers(relation.name)).filter(fits);
    const [best] = [...providers].sort((a, b) => importance(a) - importance(b));
    if (best !== undefined) return best;
  }
  const found = rejected.map(({ name, version }) => `; there is ${name} ${version}`).join('');
  throw new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `${need.chain.join(' → ')} depends on ${showGroup(need.group)}, which no package meets${found}.`,
    hint: 'The mirror may be in the middle of an update: try again later, or leave the dependency out with "exclude".',
  });
}

/** Refuses a set in which one package conflicts with or breaks another (Debian Policy 7.3, 7.4). */
function refuseConflicts(packages: readonly Candidate[]): void {
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
