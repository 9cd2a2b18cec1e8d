import { MkbaseError } from '../../base/errors.ts';
import { didYouMean } from '../near-names.ts';
import { allNames } from './apk-closure.ts';
import { type ListedApk, listedApk } from './listed-apk.ts';
import type { SignedApkIndex } from './signed-index.ts';

/** A package that apk chose, or that is installed already. */
export interface NamedApk {
  readonly name: string;
  readonly version: string;
}

const whereOf = (indexes: readonly SignedApkIndex[]) =>
  `${indexes.map(({ repository }) => repository).join(' and ')} at ${indexes[0]?.locked.mirror}`;

/** Lists the packages of that name and version, in the order of the indexes. */
function listings({ name, version }: NamedApk, indexes: readonly SignedApkIndex[]): ListedApk[] {
  return indexes.flatMap((index) =>
    index
      .find(name)
      .filter((stanza) => stanza.get('V') === version)
      .map((stanza) => listedApk(stanza, index)),
  );
}

/**
 * Pins the packages that apk chose, from the authenticated indexes. Throws SOURCE_CORRUPT for one that
 * they do not list, and for one that they list as two different packages: nobody can tell which of
 * them apk means.
 */
export function findChosen(
  chosen: readonly NamedApk[],
  indexes: readonly SignedApkIndex[],
): ListedApk[] {
  return chosen.map((each) => {
    const found = listings(each, indexes);
    const [first] = found;
    if (first !== undefined && found.every(({ checksum }) => checksum === first.checksum)) {
      return first;
    }
    const problem = first === undefined ? 'is not listed' : 'is listed as two different packages';
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `apk chose ${each.name} ${each.version}, which ${problem} in ${whereOf(indexes)}.`,
      hint: 'Report it to whoever runs the repositories.',
    });
  });
}

/**
 * Refuses names that no package has or provides, before apk is asked, which knows no near names.
 * `wanted` are words as apk takes them, `installed` the names that the root filesystem has. Throws
 * PACKAGE_NOT_FOUND.
 */
export function checkNames(
  wanted: readonly string[],
  installed: ReadonlySet<string>,
  indexes: readonly SignedApkIndex[],
): void {
  for (const word of wanted) {
    const [name = '', version] = word.split('=');
    const there = indexes.flatMap((index) => index.find(name));
    const known =
      there.length > 0 ||
      installed.has(name) ||
      indexes.some((index) => index.providers(name).length > 0);
    if (!known) throw notFound(name, didYouMean(name, allNames(indexes)), indexes);
    const versions = there.map((stanza) => stanza.get('V') ?? '');
    if (version === undefined || there.length === 0 || versions.includes(version)) continue;
    const others = ` There is ${[...new Set(versions)].join(', ')}.`;
    throw notFound(`${name} ${version}`, others, indexes);
  }
}

const notFound = (what: string, more: string, indexes: readonly SignedApkIndex[]) =>
  new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `There is no package ${what} in ${whereOf(indexes)}.${more}`,
    hint: 'Correct the name under "packages"; `apk search` in any container of Alpine looks for more.',
    about: [what.split(' ')[0] ?? what],
  });
