import * as z from 'zod';
import { sha256 } from '../../recipe/schema/fields.ts';
import { belowMirror, bytes, fingerprint, seconds, text, url } from '../lock-fields.ts';

/** A signed index that packages were chosen from, and the keys that signed it. */
export interface LockedIndex {
  /** Suite as asked for, for instance `trixie-security`. */
  readonly suite: string;
  readonly components: readonly string[];
  /** Mirror root, without credentials and without a trailing slash. */
  readonly mirror: string;
  /** `Date` of the signed Release file, seconds since 1970. */
  readonly date: number;
  /** sha256 of the InRelease file's bytes. */
  readonly inRelease: string;
  /** Fingerprints of the primary keys whose signatures held, upper-case hexadecimal, sorted. */
  readonly signedBy: readonly string[];
  /** Set for one that was taken though its suite had ended and had left the mirrors, or had expired. */
  readonly ended?: true | undefined;
}

/** One .deb, pinned. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Source package, and its version; the package's own where its stanza names no other. */
  readonly source: string;
  readonly sourceVersion: string;
  /** Suite of the index that lists it. */
  readonly suite: string;
  /** Path below the mirror root. */
  readonly filename: string;
  readonly size: number;
  readonly sha256: string;
  /** sha256 of the InRelease that leads to it, where that is not the first of its suite. */
  readonly index?: string | undefined;
}

/** A dependency-closed set of packages, sorted by name. */
export interface LockedDebs {
  readonly indexes: readonly LockedIndex[];
  readonly packages: readonly LockedPackage[];
}

/** The form of a package's name (Debian Policy 5.6.1). Names and architectures become parts of file names. */
export const packageName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9+.-]+$/, 'expected the name of a Debian package');

export const lockedIndex: z.ZodType<LockedIndex> = z.strictObject({
  suite: text,
  components: z.array(text),
  mirror: url,
  date: seconds,
  inRelease: sha256,
  signedBy: z.array(fingerprint),
  ended: z.literal(true).optional(),
});

const lockedPackage = z.strictObject({
  name: packageName,
  version: text,
  architecture: z.string().regex(/^[a-z0-9-]+$/, 'expected an architecture'),
  source: text,
  sourceVersion: text,
  suite: text,
  filename: belowMirror,
  size: bytes,
  sha256,
  index: sha256.optional(),
});

/** Returns the index that lists a package: the one that it names, else the first of its suite. */
export const indexOfDeb = (
  { suite, index }: Pick<LockedPackage, 'suite' | 'index'>,
  indexes: readonly LockedIndex[],
): LockedIndex | undefined =>
  indexes.find((each) => each.suite === suite && (index === undefined || each.inRelease === index));

export const lockedDebs: z.ZodType<LockedDebs> = z
  .strictObject({ indexes: z.array(lockedIndex), packages: z.array(lockedPackage) })
  .superRefine(({ indexes, packages }, context) => {
    const suites = new Set(indexes.map(({ suite }) => suite));
    const at = packages.findIndex((each) => indexOfDeb(each, indexes) === undefined);
    if (at === -1) return;
    const message = `expected one of ${[...suites].join(', ')}, and an index of it`;
    context.addIssue({ code: 'custom', message, path: ['packages', at, 'suite'] });
  });
