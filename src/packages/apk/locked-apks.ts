import * as z from 'zod';
import { sha256 } from '../../recipe/schema/fields.ts';
import { belowMirror, bytes, fileName, seconds, text, url } from '../lock-fields.ts';

/** The algorithm of an index's signature; apk's format names the first `RSA`, the second `RSA256`. */
export type ApkSignature = 'rsa-sha1' | 'rsa-sha256';

/** A signed index that packages were chosen from, and the key that signed it. */
export interface LockedApkIndex {
  /** Path of the repository below a mirror's root, for instance `v3.20/main`. */
  readonly repository: string;
  /** Mirror root, without credentials and without a trailing slash. */
  readonly mirror: string;
  /** When the index was made, seconds since 1970. */
  readonly date: number;
  /** sha256 of APKINDEX.tar.gz. */
  readonly sha256: string;
  /** File name of the key whose signature held. */
  readonly signedBy: string;
  readonly signature: ApkSignature;
}

/** One .apk, pinned. */
export interface LockedApk {
  readonly name: string;
  readonly version: string;
  /** In Alpine's words; `noarch` for a package that fits any. */
  readonly arch: string;
  /** The source package. */
  readonly origin: string;
  /** SPDX expression, as the package states it. */
  readonly license: string;
  /** Repository of the index that lists it. */
  readonly repository: string;
  /** Path below the mirror root. */
  readonly filename: string;
  readonly size: number;
  /** apk's own: `Q1` and the base64 sha1 of the package's control member. */
  readonly checksum: string;
  /** sha256 of the whole file; computed once the checksum, and what it covers, had held. */
  readonly sha256: string;
  /** sha256 of the index that lists it, where that is not the first of its repository. */
  readonly index?: string | undefined;
}

/** Returns the index that lists a package: the one that it names, else the first of its repository. */
export const indexOfApk = (
  { repository, index }: Pick<LockedApk, 'repository' | 'index'>,
  indexes: readonly LockedApkIndex[],
): LockedApkIndex | undefined =>
  indexes.find(
    (each) => each.repository === repository && (index === undefined || each.sha256 === index),
  );

/** Packages of Alpine, or of a relative, for one architecture. */
export interface LockedApks {
  /** Alpine when left out. */
  readonly distro?: 'wolfi' | undefined;
  /** In Alpine's words, for instance `x86_64`. */
  readonly arch: string;
  readonly indexes: readonly LockedApkIndex[];
  /** Packages that apk is asked for, sorted: they are added to /etc/apk/world. */
  readonly wanted: readonly string[];
  /** Packages that are installed and were not there before, sorted by name. */
  readonly packages: readonly LockedApk[];
  /**
   * For a root made from nothing: `apk-tools` and what it needs, unpacked to run it. Sorted by name;
   * some may be among `packages`, too. Left out where the rootfs brings its own apk.
   */
  readonly tools?: readonly LockedApk[] | undefined;
  /** When the newest of `packages` was built, seconds since 1970; 0 without any. */
  readonly date: number;
}

/** A word of apk's, which can be taken neither for an option nor for a path. */
const apkWord = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9@.+_~=:-]*$/, 'expected a word of apk');

const lockedApk = z.strictObject({
  // Both become parts of file names.
  name: fileName,
  version: fileName,
  arch: apkWord,
  origin: text,
  license: z.string().max(1000),
  repository: belowMirror,
  filename: belowMirror,
  size: bytes,
  checksum: z.string().regex(/^Q[12][A-Za-z0-9+/]+=*$/, "expected a checksum in apk's form"),
  sha256,
  index: sha256.optional(),
});

const lockedApkIndex = z.strictObject({
  repository: belowMirror,
  mirror: url,
  date: seconds,
  sha256,
  signedBy: apkWord,
  signature: z.enum(['rsa-sha1', 'rsa-sha256']),
});

export const lockedApks: z.ZodType<LockedApks> = z
  .strictObject({
    distro: z.enum(['wolfi']).optional(),
    arch: apkWord,
    indexes: z.array(lockedApkIndex),
    wanted: z.array(apkWord),
    packages: z.array(lockedApk),
    tools: z.array(lockedApk).optional(),
    date: seconds,
  })
  .superRefine(({ indexes, packages, tools = [] }, context) => {
    const repositories = new Set(indexes.map(({ repository }) => repository));
    for (const [field, all] of Object.entries({ packages, tools })) {
      const at = all.findIndex((each) => indexOfApk(each, indexes) === undefined);
      if (at === -1) continue;
      const message = `expected one of ${[...repositories].join(', ')}`;
      context.addIssue({ code: 'custom', message, path: [field, at, 'repository'] });
    }
  });
