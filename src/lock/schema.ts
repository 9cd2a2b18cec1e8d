import * as z from 'zod';
import {
  type HostPlatformName,
  hostPlatformNames,
  type PlatformName,
  platformNames,
} from '../base/platform.ts';
import { anyOf } from '../kinds/any-of.ts';
import { allKinds } from '../kinds/kinds.ts';
import { seconds, text, url } from '../packages/lock-fields.ts';
import type { From } from '../recipe/kind.ts';
import { sha256 } from '../recipe/schema/fields.ts';

/** A builder's inputs. */
export interface LockedToolchain {
  readonly name: string;
  /** The platform that it runs on, where that is another one than the image's. */
  readonly platform?: HostPlatformName | undefined;
  readonly epoch: number;
  /** Pinned by its kind. */
  readonly from: From;
}

/** A file of `files:` that is fetched, pinned by the recipe itself. */
export interface LockedFile {
  /** Without credentials. */
  readonly url: string;
  readonly sha256: string;
}

/** Every outside input of one build, pinned. */
export interface Lock {
  readonly lockVersion: 2;
  readonly recipe: string;
  readonly platform: PlatformName;
  /** Seconds since 1970; no time in the image is later. */
  readonly epoch: number;
  /** sha256 of `asked` in its canonical form. */
  readonly request: string;
  /** The fields of recipe and toolchain that choose inputs, without credentials. */
  readonly asked: object;
  /** Pinned by the recipe's kind. */
  readonly from: From;
  /** In the order of the recipe; left out when there is none. */
  readonly files?: readonly LockedFile[] | undefined;
  readonly toolchain?: LockedToolchain | undefined;
}

/** The current version of locks; a lock of another version has to be made anew. */
export const lockVersion = 2;

/** The part of a lock that is one kind's. */
const from = anyOf(allKinds, 'lockSchema');

/** The schema of a builder's part of a lock. */
export const lockedToolchainSchema: z.ZodType<LockedToolchain> = z.strictObject({
  name: text,
  platform: z.enum(hostPlatformNames).optional(),
  epoch: seconds,
  from,
});

/**
 * The schema of locks, put together from the kinds'. A lock may come with a clone, so it is checked
 * before any use.
 */
export const lockSchema: z.ZodType<Lock> = z.strictObject({
  lockVersion: z.literal(lockVersion, { error: `expected ${lockVersion}` }),
  recipe: text,
  platform: z.enum(platformNames),
  epoch: seconds,
  request: sha256,
  asked: z.looseObject({}),
  from,
  files: z.array(z.strictObject({ url, sha256 })).optional(),
  toolchain: lockedToolchainSchema.optional(),
});
