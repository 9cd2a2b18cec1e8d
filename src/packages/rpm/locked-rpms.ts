import * as z from 'zod';
import { sha256 } from '../../recipe/schema/fields.ts';
import type { Distro } from '../distro.ts';
import { belowMirror, bytes, fingerprint, seconds, text, url } from '../lock-fields.ts';
import { parseEvr } from './evr.ts';

/**
 * The way in which a repository is signed: `repomd` for one whose list, repomd.xml, has a signature;
 * `packages` for one in which only each package's own signature counts.
 */
export const signings = ['repomd', 'packages'] as const;
export type Signing = (typeof signings)[number];

/** The state of a repository that packages were chosen from. */
export interface LockedRpmRepository {
  readonly name: string;
  /** Root of the repository, without credentials and without a trailing slash. */
  readonly url: string;
  readonly signed: Signing;
  /** When its lists were made, seconds since 1970. */
  readonly date: number;
  /** sha256 of repomd.xml. */
  readonly sha256: string;
  /** The detached signature over repomd.xml, where `signed` is `repomd`. */
  readonly signature?:
    | {
        readonly sha256: string;
        /** Fingerprints of the primary keys whose signatures held. */
        readonly signedBy: readonly string[];
      }
    | undefined;
  /** True where a server named in a metalink, asked over https, stated the digest of repomd.xml. */
  readonly metalink?: true | undefined;
}

/** One .rpm, pinned. */
export interface LockedRpm {
  readonly name: string;
  /** Epoch, version and release, as `evrText` writes them. */
  readonly version: string;
  readonly architecture: string;
  /** Name and version of the source package. */
  readonly source: { readonly name: string; readonly version: string };
  /** Name of the repository. */
  readonly repository: string;
  /** Path below the repository's root. */
  readonly href: string;
  readonly size: number;
  readonly sha256: string;
  /** Digest of the header, by which rpm's database knows the package. */
  readonly header: string;
  /** Fingerprints of the primary keys whose signatures over the package held. */
  readonly signedBy: readonly string[];
  /** sha256 of the repomd.xml that lists it, where that is not the first of its repository. */
  readonly index?: string | undefined;
}

/** Returns the repository that a package is of, in the state that lists it. */
export const repositoryOf = (
  { repository, index }: Pick<LockedRpm, 'repository' | 'index'>,
  repositories: readonly LockedRpmRepository[],
): LockedRpmRepository | undefined =>
  repositories.find(
    (each) => each.name === repository && (index === undefined || each.sha256 === index),
  );

/** Packages of rpm for one architecture. */
export interface LockedRpms {
  /** In rpm's words, for instance `x86_64`. */
  readonly arch: string;
  /** The distribution, where the recipe names one. */
  readonly distro?: Distro | undefined;
  readonly repositories: readonly LockedRpmRepository[];
  /** Names that dnf was asked for, sorted. */
  readonly wanted: readonly string[];
  /** Sorted by name and architecture. */
  readonly packages: readonly LockedRpm[];
  /** When the newest of `packages` was built, seconds since 1970. */
  readonly date: number;
}

/** A name of a package, a repository or an architecture: no option, no path. */
export const rpmWord = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._+-]*$/, 'expected a name, for instance bash');

const isEvr = (value: string): boolean => {
  try {
    return parseEvr(value) !== undefined;
  } catch {
    return false;
  }
};

const evr = z
  .string()
  .max(300)
  .regex(/^[A-Za-z0-9:._+~^-]+$/, 'expected a version with its release')
  .refine(isEvr, 'expected a version with its release');

const lockedRepository = z.strictObject({
  name: rpmWord,
  url,
  signed: z.enum(signings),
  date: seconds,
  sha256,
  signature: z.strictObject({ sha256, signedBy: z.array(fingerprint).min(1) }).optional(),
  metalink: z.literal(true).optional(),
});

const lockedRpm = z.strictObject({
  name: rpmWord,
  version: evr,
  architecture: rpmWord,
  source: z.strictObject({ name: rpmWord, version: text }),
  repository: rpmWord,
  href: belowMirror,
  size: bytes,
  sha256,
  header: sha256,
  signedBy: z.array(fingerprint).min(1),
  index: sha256.optional(),
});

export const lockedRpms: z.ZodType<LockedRpms> = z
  .strictObject({
    arch: rpmWord,
    distro: z.strictObject({ id: rpmWord, release: rpmWord }).optional(),
    repositories: z.array(lockedRepository).min(1),
    wanted: z.array(text),
    packages: z.array(lockedRpm),
    date: seconds,
  })
  .superRefine(({ repositories, packages }, context) => {
    const seen = new Set<string>();
    for (const [at, { name, version, architecture }] of packages.entries()) {
      const key = `${name} ${version} ${architecture}`;
      if (seen.has(key)) {
        const message = `expected ${key} once`;
        context.addIssue({ code: 'custom', message, path: ['packages', at, 'name'] });
      }
      seen.add(key);
    }
    const names = [...new Set(repositories.map(({ name }) => name))].join(', ');
    for (const [at, each] of packages.entries()) {
      if (repositoryOf(each, repositories) !== undefined) continue;
      const path = ['packages', at, 'repository'];
      context.addIssue({ code: 'custom', message: `expected one of ${names}`, path });
    }
    for (const [at, { signed, signature, name, sha256 }] of repositories.entries()) {
      const first = repositories.find((each) => each.sha256 === sha256);
      if (first?.name !== name) {
        const message = `expected another list than that of ${first?.name}`;
        context.addIssue({ code: 'custom', message, path: ['repositories', at, 'sha256'] });
      }
      if ((signed === 'repomd') === (signature !== undefined)) continue;
      const message = 'expected a signature exactly where repomd.xml is signed';
      context.addIssue({ code: 'custom', message, path: ['repositories', at, 'signature'] });
    }
  });
