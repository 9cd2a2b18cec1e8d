import { MkbaseError } from '../../../base/errors.ts';
import { usualPriority } from '../archive/releases.ts';
import { type Candidate, candidateOf } from './candidate.ts';
import { compareVersions } from './deb-version.ts';
import type { StanzaIndex } from './packages-index.ts';

/** A Packages index, and the suite that it belongs to. */
export interface SuiteIndex {
  readonly suite: string;
  readonly index: StanzaIndex;
  /** Priority as apt knows it; 500 when left out. A higher one comes before a newer version. */
  readonly priority?: number;
}

/** Names of packages and the suite that each is to come from. */
export type Pins = ReadonlyMap<string, string>;

/** The packages of all indexes: the newest version of each name. */
export interface Universe {
  /** Returns the package of exactly that name. */
  find(name: string): Promise<Candidate | undefined>;
  /** Returns the packages that provide a name, other than the package of that name; sorted by name. */
  providers(name: string): Promise<readonly Candidate[]>;
  names(): Promise<Iterable<string>>;
}

/**
 * Joins indexes into one: of each name the version counts that is pinned, else that of the highest
 * priority, then the newest, and of equal versions the one of the index named first.
 */
export function universeOf(
  indexes: readonly SuiteIndex[],
  architecture: string,
  pins: Pins = new Map(),
): Universe {
  const find = remembering((name) => {
    const pin = pins.get(name);
    const from = pin === undefined ? indexes : indexes.filter(({ suite }) => suite === pin);
    return newest(from, name, architecture);
  });
  const providers = async (name: string) => {
    const lists = indexes.map(({ suite, index }) => readable(suite, () => index.providers(name)));
    const names = new Set((await Promise.all(lists)).flat());
    names.delete(name);
    const candidates = await Promise.all([...names].sort().map(find));
    // An older version in another index may have provided what the newest no longer does.
    return candidates.flatMap((candidate) =>
      candidate?.provides.some((provided) => provided.name === name) ? [candidate] : [],
    );
  };
  const names = async () => {
    const lists = await Promise.all(indexes.map(({ index }) => index.names()));
    return lists.flatMap((list) => [...list]);
  };
  return { find, providers: remembering(providers), names };
}

/** Remembers the answer for each name. */
function remembering<T>(ask: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (name) => {
    const answer = known.get(name) ?? ask(name);
    known.set(name, answer);
    return answer;
  };
}

async function newest(
  indexes: readonly SuiteIndex[],
  name: string,
  architecture: string,
): Promise<Candidate | undefined> {
  let best: Candidate | undefined;
  let highest = 0;
  for (const { suite, index, priority = usualPriority } of indexes) {
    for (const stanza of await readable(suite, () => index.find(name))) {
      const candidate = await readable(suite, async () => candidateOf(stanza, suite, architecture));
      if (![architecture, 'all'].includes(candidate.architecture)) continue;
      const isNewer = best === undefined || compareVersions(candidate.version, best.version) > 0;
      if (priority < highest || (priority === highest && !isNewer)) continue;
      best = candidate;
      highest = priority;
    }
  }
  return best;
}

/** Runs a parser on a signed index; throws SOURCE_CORRUPT for a stanza that cannot be read. */
export async function readable<T>(suite: string, parse: () => Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `The package index of ${suite} cannot be read: ${error.message}.`,
      hint: 'Its signature holds, so the archive itself is at fault; report it to whoever runs it.',
      cause: error,
    });
  }
}
