import type { ByteString } from '../base/byte-string.ts';
import { MkbaseError } from '../base/errors.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import { comparePaths, type PathDifference } from '../evidence/mtree/compare-paths.ts';
import { readContent } from '../tar/content.ts';
import type { Entry } from '../tar/entry.ts';
import { causes, type Facts, unexplained } from './causes.ts';
import { configDifferences, type ExplainedField } from './config.ts';
import { type Installed, installedIn, type PackageChange, packageChanges } from './packages.ts';
import type { Side } from './side.ts';

type Files = ReadonlyMap<ByteString, Extract<Entry, { type: 'file' }>>;

const filesOf = (entries: readonly Entry[]): Files =>
  new Map(
    entries.flatMap((entry) => (entry.type === 'file' ? [[entry.path, entry] as const] : [])),
  );

/** Limits in bytes: of one file that is read, and of all files that are held. */
const mostOfOne = 1024 ** 2;
const mostOfAll = 32 * 1024 ** 2;

/** Reads both contents of the files whose contents differ, if they are small. */
async function changedContents(
  differences: readonly PathDifference[],
  one: readonly Entry[] = [],
  other: readonly Entry[] = [],
): Promise<ReadonlyMap<ByteString, readonly [Buffer, Buffer]>> {
  const [before, after] = [filesOf(one), filesOf(other)];
  const contents = new Map<ByteString, readonly [Buffer, Buffer]>();
  let held = 0;
  for (const { path, keywords } of differences) {
    const [a, b] = [before.get(path), after.get(path)];
    if (!a || !b || !keywords.some(({ keyword }) => keyword === 'sha256')) continue;
    if (a.size > mostOfOne || b.size > mostOfOne || held + a.size + b.size > mostOfAll) continue;
    held += a.size + b.size;
    contents.set(path, [await readContent(a.content), await readContent(b.content)]);
  }
  return contents;
}

/** A path that differs, and the cause. */
export interface ExplainedPath extends PathDifference {
  /** Name of a cause. */
  readonly cause: string;
  /** For instance the package that changed; '' for none. */
  readonly detail: string;
}

/** The differences between two sides. A `Difference` has the first side in `claimed`, the second in `computed`. */
export interface DiffReport {
  readonly one: string;
  readonly other: string;
  readonly digests: readonly Difference[];
  readonly recipe: readonly Difference[];
  readonly packages: readonly PackageChange[];
  readonly paths: readonly ExplainedPath[];
  readonly config: readonly ExplainedField[];
  /** Names of the parts that were compared. */
  readonly compared: readonly string[];
  /** Sentences about the parts that could not be compared. */
  readonly missing: readonly string[];
}

/** Tells whether nothing differs of what could be compared. */
export const isSame = ({ digests, recipe, packages, paths, config }: DiffReport): boolean =>
  [digests, recipe, packages, paths, config].every((each) => each.length === 0);

function explain(difference: PathDifference, facts: Facts): ExplainedPath {
  for (const { name, explains } of causes) {
    const detail = explains(difference, facts);
    if (detail !== undefined) return { ...difference, cause: name, detail };
  }
  return { ...difference, cause: unexplained.name, detail: '' };
}

/** Compares a part that both sides have; `missingOf` reports one that only one side has. */
function both<T, R>(
  [a, b]: readonly [T | undefined, T | undefined],
  compare: (a: T, b: T) => readonly R[],
): readonly R[] {
  return a === undefined || b === undefined ? [] : compare(a, b);
}

/** Compares the digests that both sides have. */
function digestsBetween(one: Side, other: Side): Difference[] {
  const common = Object.keys(one.digests).filter((name) => Object.hasOwn(other.digests, name));
  return common.flatMap((name) => differences(one.digests[name], other.digests[name], name));
}

/** Parts that two sides may both have, and their names. */
const parts = [
  ['lock', 'lock', 'lock'],
  ['recipe', 'recipe', 'provenance'],
  ['paths', 'files', 'root filesystem'],
  ['config', 'config', 'image config'],
] as const;

const comparedOf = (one: Side, other: Side): string[] =>
  parts.flatMap(([field, what]) => (one[field] && other[field] ? [what] : []));

const missingOf = (one: Side, other: Side): string[] =>
  parts.flatMap(([field, what, lacks]) => {
    if ((one[field] === undefined) === (other[field] === undefined)) return [];
    return [`${what}: ${(one[field] === undefined ? one : other).name} has no ${lacks}`];
  });

/** Refuses two sides with no part in common, which would pass for the same. */
function requireCommon(one: Side, other: Side): readonly string[] {
  const compared = comparedOf(one, other);
  if (compared.length > 0) return compared;
  throw new MkbaseError({
    code: 'USAGE',
    message: `${one.name} and ${other.name} have nothing that could be compared: ${missingOf(one, other).join('; ')}.`,
    hint: 'Name two output folders, archives or images, or two locks.',
  });
}

function factsOf(
  packages: readonly PackageChange[],
  [before, after]: readonly [Installed, Installed],
  contents: Awaited<ReturnType<typeof changedContents>>,
  recipeChanged: boolean,
): Facts {
  const inImage = new Map(
    packages.filter(({ set }) => set === 'image').map((change) => [change.name, change]),
  );
  const isPackage = (name: string) => before.versions.has(name) || after.versions.has(name);
  return {
    ownersOf: (path) =>
      [before.owners.get(path), after.owners.get(path)].filter((name) => name !== undefined),
    onBothSides: (name) => before.versions.has(name) && after.versions.has(name),
    changeOf: (name) => inImage.get(name),
    contentsOf: (path) => contents.get(path),
    inputs: packages.filter(({ set, name }) => set !== 'image' || !isPackage(name)),
    recipeChanged,
  };
}

/**
 * Compares two builds: digests, recipe, packages and other inputs, every path with each of its fields,
 * and the image config. Names for each path the cause of its difference.
 */
export async function diff(one: Side, other: Side): Promise<DiffReport> {
  const compared = requireCommon(one, other);
  const installed = [await installedIn(one), await installedIn(other)] as const;
  const packages = packageChanges([one, other], installed);
  const recipe = both([one.recipe, other.recipe], (a, b) => differences(a, b));
  const paths = both([one.paths, other.paths], comparePaths);
  const contents = await changedContents(paths, one.entries, other.entries);
  const facts = factsOf(packages, installed, contents, recipe.length > 0);
  return {
    one: one.name,
    other: other.name,
    digests: digestsBetween(one, other),
    recipe,
    packages,
    paths: paths.map((each) => explain(each, facts)),
    config: both([one.config, other.config], configDifferences),
    compared,
    missing: missingOf(one, other),
  };
}
