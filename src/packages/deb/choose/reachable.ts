import { readable, type SuiteIndex } from '../index/universe.ts';

/** Returns the name of each alternative of a dependency field, without version and architecture. */
const namesIn = (field = ''): string[] =>
  field
    .split(/[,|]/)
    .map((each) => each.trim().replace(/[\s:([<].*$/s, ''))
    .filter((name) => name !== '');

/**
 * Returns some names and all that can be installed for them: what they depend on in any alternative, in any
 * version of any index and on any architecture, and what provides one of these. No resolver that leaves
 * recommendations out can choose anything else. Throws SOURCE_CORRUPT.
 */
export async function reachableNames(
  seeds: Iterable<string>,
  indexes: readonly SuiteIndex[],
): Promise<Set<string>> {
  const reached = new Set(seeds);
  const asked = ({ suite, index }: SuiteIndex, name: string) =>
    readable(suite, async () => {
      const stanzas = await index.find(name);
      const needed = stanzas.flatMap((stanza) =>
        ['pre-depends', 'depends'].flatMap((field) => namesIn(stanza.get(field))),
      );
      return [...needed, ...(await index.providers(name))];
    });
  for (const name of reached) {
    const found = await Promise.all(indexes.map((each) => asked(each, name)));
    for (const each of found.flat()) reached.add(each);
  }
  return reached;
}
