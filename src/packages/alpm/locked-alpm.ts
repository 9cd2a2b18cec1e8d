import * as z from 'zod';
import { sha256 } from '../../recipe/schema/fields.ts';
import { belowMirror, bytes, fingerprint, seconds, text, url } from '../lock-fields.ts';

/** One package and its signature, pinned; what it says of itself comes from its own .PKGINFO. */
export interface LockedAlpm {
  readonly name: string;
  /** `[epoch:]pkgver-pkgrel`. */
  readonly version: string;
  /** In Arch's words; `any` for a package that fits all. */
  readonly arch: string;
  /** The source package (pkgbase). */
  readonly base: string;
  /** As the package states it. */
  readonly license: string;
  /** Time of its build, seconds since 1970. */
  readonly built: number;
  /** Repository whose database proposed it. */
  readonly repository: string;
  /** Path below the mirror root. */
  readonly filename: string;
  readonly size: number;
  readonly sha256: string;
  readonly signature: {
    readonly sha256: string;
    /** Fingerprint of the packager's key. */
    readonly signedBy: string;
    /** Fingerprints of the master keys that certify it, sorted. */
    readonly masters: readonly string[];
  };
}

/** Packages of Arch Linux for one architecture. */
export interface LockedAlpms {
  /** In Arch's words. */
  readonly arch: string;
  /** Day of the snapshot, for instance `2026-11-01`. */
  readonly snapshot: string;
  /** Mirror root, without credentials and without a trailing slash. */
  readonly mirror: string;
  /** Names that pacman is asked for, sorted: they are installed explicitly. */
  readonly wanted: readonly string[];
  /** Packages that are installed, sorted by name. */
  readonly packages: readonly LockedAlpm[];
  /** Time at which the newest of `packages` was built, seconds since 1970. */
  readonly date: number;
}

/** A name of a package (PKGBUILD(5)), which can be taken neither for an option nor for a path. */
export const alpmName = z
  .string()
  .regex(
    /^[A-Za-z0-9@_+][A-Za-z0-9@._+-]{0,254}$/,
    'expected the name of a package, for instance glibc',
  );

/** A version (PKGBUILD(5)). */
export const alpmVersion = z
  .string()
  .regex(
    /^(?:\d{1,9}:)?[A-Za-z0-9._+~]{1,200}-\d{1,9}(?:\.\d{1,9})?$/,
    'expected a version, for instance 1:2.0-1',
  );

/** Form of the file name of a package, which becomes part of a URL. */
export const alpmFile = /^[A-Za-z0-9@_+][A-Za-z0-9@._+:~-]{0,300}$/;

export const alpmArch = z.string().regex(/^[a-z0-9_]{1,30}$/, 'expected an architecture');

/** A day of the archive. */
export const snapshotDay = z
  .string()
  .regex(
    /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
    'expected a day, for instance 2026-11-01',
  );

const lockedAlpm = z.strictObject({
  name: alpmName,
  version: alpmVersion,
  arch: alpmArch,
  base: alpmName,
  license: text,
  built: seconds,
  repository: alpmName,
  filename: belowMirror.refine(
    (path) => alpmFile.test(path.slice(path.lastIndexOf('/') + 1)),
    'expected the path of a package, for instance core/os/x86_64/bash-5.3-1-x86_64.pkg.tar.zst',
  ),
  size: bytes,
  sha256,
  signature: z.strictObject({
    sha256,
    signedBy: fingerprint,
    masters: z.array(fingerprint).min(1),
  }),
});

export const lockedAlpms: z.ZodType<LockedAlpms> = z
  .strictObject({
    arch: alpmArch,
    snapshot: snapshotDay,
    mirror: url,
    wanted: z.array(alpmName),
    packages: z.array(lockedAlpm),
    date: seconds,
  })
  .superRefine(({ packages }, context) => {
    // Each becomes a folder of pacman's database, and a file beside it.
    const seen = new Set<string>();
    for (const [at, { name, filename }] of packages.entries()) {
      for (const [field, value] of Object.entries({ name, filename })) {
        const key = `${field} ${value.slice(value.lastIndexOf('/') + 1)}`;
        if (seen.has(key)) {
          const path = ['packages', at, field];
          context.addIssue({ code: 'custom', message: `expected ${value} once`, path });
        }
        seen.add(key);
      }
    }
  });
