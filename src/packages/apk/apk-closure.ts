import { MkbaseError } from '../../base/errors.ts';
import { didYouMean } from '../near-names.ts';
import type { ApkStanza } from './apk-index.ts';
import { compareApkVersions } from './apk-version.ts';
import {
  type ApkDependency,
  meetsDependency,
  parseDependencies,
  parseProvides,
  showDependency,
} from './dependency.ts';
import { type ListedApk, listedApk } from './listed-apk.ts';
import type { SignedApkIndex } from './signed-index.ts';

/** A package that could be chosen. */
interface Candidate {
  readonly listed: ListedApk;
  readonly stanza: ApkStanza;
}

/** Runs a reader of a stanza; throws SOURCE_CORRUPT for one that cannot be read. */
function readable<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `The package index cannot be used: ${name}: ${error.message}.`,
      hint: 'Its signature holds, so the repository itself is at fault; report it to whoever runs it.',
      cause: error,
    });
  }
}

const priorityOf = ({ stanza }: Candidate): number => Number(stanza.get('k') ?? 0) || 0;

/** Orders packages as apk prefers them, and equal ones by name. */
function preferred(left: Candidate, right: Candidate): number {
  const names = left.listed.name < right.listed.name ? -1 : 1;
  if (left.listed.name !== right.listed.name) return priorityOf(right) - priorityOf(left) || names;
  return compareApkVersions(right.listed.version, left.listed.version);
}

function meets({ listed, stanza }: Candidate, dependency: ApkDependency): boolean {
  const offered = [
    { name: listed.name, version: listed.version },
    ...parseProvides(stanza.get('p')),
  ];
  return offered.some((provided) => meetsDependency(provided, dependency));
}

/** Lists the packages that meet a dependency, the best first: the one of that name before those that provide it. */
function choices(dependency: ApkDependency, indexes: readonly SignedApkIndex[]): Candidate[] {
  const candidates = (find: (index: SignedApkIndex) => ApkStanza[]) =>
    indexes
      .flatMap((index) =>
        find(index).map((stanza) => ({ stanza, listed: listedApk(stanza, index) })),
      )
      .filter((candidate) => meets(candidate, dependency))
      .sort(preferred);
  return [
    ...candidates((index) => index.find(dependency.name)),
    ...candidates((index) => index.providers(dependency.name)),
  ];
}

/** Yields every name in the indexes, for "did you mean". */
export function* allNames(indexes: readonly SignedApkIndex[]): Generator<string> {
  for (const index of indexes) yield* index.names();
}

/**
 * Returns a package and all that it depends on, sorted by name: enough to run it from the folder that
 * it is unpacked in. Packages to be _installed_ are chosen by apk itself. Errors: PACKAGE_NOT_FOUND, SOURCE_CORRUPT.
 */
export function apkClosure(wanted: string, indexes: readonly SignedApkIndex[]): ListedApk[] {
  const chosen = new Map<string, Candidate>();
  const open: { readonly dependency: ApkDependency; readonly by: string }[] = [
    { dependency: { name: wanted }, by: '' },
  ];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { dependency, by } = next;
    readable(by || wanted, () => {
      if ([...chosen.values()].some((candidate) => meets(candidate, dependency))) return;
      const [best] = choices(dependency, indexes);
      if (best === undefined) throw notFound(dependency, by, indexes);
      const { name } = best.listed;
      chosen.set(name, best);
      const needs = parseDependencies(best.stanza.get('D'));
      open.push(...needs.map((need) => ({ dependency: need, by: name })));
    });
  }
  return [...chosen.values()]
    .map(({ listed }) => listed)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function notFound(
  dependency: ApkDependency,
  by: string,
  indexes: readonly SignedApkIndex[],
): MkbaseError {
  const shown = showDependency(dependency);
  const where = indexes.map(({ repository }) => repository).join(' and ');
  return new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message:
      by === ''
        ? `There is no package ${shown} in ${where}.${didYouMean(dependency.name, allNames(indexes))}`
        : `${by} depends on ${shown}, which no package in ${where} meets.`,
    hint: 'The mirror may be in the middle of an update: try again later, or name the repository that has it.',
  });
}
