import { posix } from 'node:path';
import type { LockedInput, SignedIndex } from '../contract.ts';
import { below } from '../mirror-url.ts';
import { mergeUpdated, withTheirIndexes } from '../update.ts';
import { family } from './family.ts';
import {
  type LockedRpm,
  type LockedRpmRepository,
  type LockedRpms,
  repositoryOf,
} from './locked-rpms.ts';
import { rpmPurl } from './rpm-purl.ts';

/** Path of the list of a repository's metadata below its root, and of its signature. */
export const repomdPath = 'repodata/repomd.xml';
export const signaturePath = `${repomdPath}.asc`;

/** Name of a repository's list, for people. */
export const repomdName = ({ name }: { readonly name: string }): string => `repomd.xml of ${name}`;

/** Describes the signed lists of repositories, and their signatures: those that are not signed are none. */
export const rpmIndexes = ({ repositories }: LockedRpms): SignedIndex[] =>
  repositories.flatMap((each): SignedIndex[] => {
    const { name, url, sha256, date, signature } = each;
    if (signature === undefined) return [];
    const { signedBy } = signature;
    const list = below(url, repomdPath);
    return [
      {
        ...{ role: 'index', name: repomdName(each), file: `${name}.repomd.xml` },
        ...{ url: list, sha256, signedBy },
        dated: { part: 'rpm packages', date },
      },
      {
        ...{ role: 'signature', name: `signature of ${repomdName(each)}` },
        ...{ file: `${name}.repomd.xml.asc`, url: below(url, signaturePath) },
        ...{ sha256: signature.sha256, signedBy, signs: repomdName(each) },
      },
    ];
  });

/**
 * Describes locked packages, in the lock's order. Those of repositories alone bear the name of their
 * repository in place of a distribution's.
 */
export function rpmInputs({ repositories, packages, ...locked }: LockedRpms): LockedInput[] {
  return packages.map((each): LockedInput => {
    const { name, version, architecture, source, href, sha256, signedBy } = each;
    const repository = repositoryOf(each, repositories);
    if (repository === undefined) throw new Error(`${name} is of no repository of its lock`);
    const distro = locked.distro ?? { id: repository.name, release: '' };
    const index = below(repository.url, repomdPath);
    return {
      ...{ role: 'package', family, name, version, architecture },
      source: { name: source.name },
      uri: rpmPurl({ kind: family, name, version, architecture, source }, distro),
      url: below(repository.url, href),
      file: posix.basename(href),
      sha256,
      trust:
        repository.signed === 'repomd'
          ? { by: 'index', index, sha256: repository.sha256 }
          : { by: 'signature', signedBy },
    };
  });
}

/** Returns newer locked packages in which only those built from the sources of these names are newer. */
export function updateRpms(
  before: LockedRpms,
  after: LockedRpms,
  sources: ReadonlySet<string>,
): LockedRpms {
  const isUpdated = ({ source }: LockedRpm) => sources.has(source.name);
  const merged = mergeUpdated(before.packages, after.packages, isUpdated);
  const ways = { hash: ({ sha256 }: LockedRpmRepository) => sha256, of: repositoryOf };
  const sets = [before, after].map(({ packages, repositories: indexes }) => ({
    packages,
    indexes,
  }));
  const { packages, indexes: repositories } = withTheirIndexes<LockedRpm, LockedRpmRepository>(
    merged,
    sets[0]!,
    sets[1]!,
    ways,
  );
  return { ...after, packages, repositories };
}
