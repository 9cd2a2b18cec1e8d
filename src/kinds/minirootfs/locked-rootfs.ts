import * as z from 'zod';
import { type LockedApks, lockedApks } from '../../packages/apk/locked-apks.ts';
import type { LockedInput, SignedIndex } from '../../packages/contract.ts';
import {
  belowMirror,
  bytes,
  fileName,
  fingerprint,
  seconds,
  text,
  url,
} from '../../packages/lock-fields.ts';
import { sha256, sha512 } from '../../recipe/schema/fields.ts';
import { detachedSignature } from '../archive.ts';

/**
 * The reason to trust a root filesystem's archive: a signature held; there was none, but the recipe pins
 * the digest; or there was neither, and `--allow unsigned-archive` was given.
 */
export type RootfsTrust =
  | {
      readonly by: 'signature';
      /** Without credentials. */
      readonly url: string;
      /** sha256 of the signature's bytes. */
      readonly sha256: string;
      /** Fingerprints of the primary keys whose signatures held, upper-case hexadecimal, sorted. */
      readonly signedBy: readonly string[];
    }
  | { readonly by: 'recipe' }
  | { readonly by: 'unsigned-archive' };

/** A distribution's release, as its mirror states it. */
export interface LockedRelease {
  readonly distro: 'alpine';
  readonly version: string;
  /** In the distribution's words, for instance `x86_64`. */
  readonly arch: string;
  /** Midnight UTC of the day of the release, seconds since 1970. */
  readonly date: number;
  /** Path of the archive below a mirror's root. */
  readonly path: string;
}

/** A published root filesystem's archive, pinned. */
export interface LockedRootfs {
  /** Without credentials; `file:` and a path for an archive beside the recipe. */
  readonly url: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly sha512: string;
  /** Left out for an archive by URL. */
  readonly release?: LockedRelease | undefined;
  readonly trust: RootfsTrust;
}

/** Tells whether an archive lies beside the recipe, where nobody else can fetch it. */
export const isBeside = ({ url }: Pick<LockedRootfs, 'url'>): boolean => /^file:(?!\/\/)/.test(url);

/** A published root filesystem, and the packages that are added to it. */
export interface LockedMinirootfs {
  readonly archive: LockedRootfs;
  /** Left out where none is added. */
  readonly apks?: LockedApks | undefined;
}

const lockedRootfs = z.strictObject({
  url,
  name: fileName,
  size: bytes,
  sha256,
  sha512,
  release: z
    .strictObject({
      distro: z.enum(['alpine']),
      version: text,
      arch: z.string().regex(/^[a-z0-9_]+$/, 'expected an architecture'),
      date: seconds,
      path: belowMirror,
    })
    .optional(),
  trust: z.discriminatedUnion('by', [
    z.strictObject({
      by: z.literal('signature'),
      url,
      sha256,
      signedBy: z.array(fingerprint),
    }),
    z.strictObject({ by: z.literal('recipe') }),
    z.strictObject({ by: z.literal('unsigned-archive') }),
  ]),
});

export const lockedMinirootfs: z.ZodType<LockedMinirootfs> = z.strictObject({
  archive: lockedRootfs,
  apks: lockedApks.optional(),
});

/** Describes a published archive as an input of the lock. */
export function archiveInput({
  name,
  url,
  sha256,
  sha512,
  release,
  trust,
}: LockedRootfs): LockedInput {
  return {
    ...{ role: 'rootfs', name, uri: url, url, file: name, sha256, sha512 },
    comparedAs: { name: 'rootfs', version: name },
    trust: trust.by === 'signature' ? { by: trust.by, signedBy: trust.signedBy } : trust,
    ...(release && { dated: { part: 'root filesystem', date: release.date } }),
  };
}

/** Describes the detached signature of a published archive, where it has one. */
export const archiveSignature = ({ name, trust }: LockedRootfs): SignedIndex[] =>
  trust.by === 'signature' ? [detachedSignature(name, trust)] : [];
