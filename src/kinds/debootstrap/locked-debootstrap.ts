import * as z from 'zod';
import { type LockedDebs, lockedDebs, packageName } from '../../packages/deb/locked-debs.ts';

/**
 * The settings of debootstrap besides the packages. The base set is its own choice, by the priorities
 * that the suite's index gives; what a package says of itself may differ from that.
 */
export interface LockedDebootstrap {
  /** Codename of the suite, which may have been asked for as `stable`. */
  readonly codename: string;
  /** The distribution's own mirror, as debootstrap knows it: what stands in the image's sources. */
  readonly mirror: string;
  /** Names of the base set, sorted; the other packages are installed by apt. */
  readonly base: readonly string[];
  /** Names of the base set to which the suite gives the priority required, and important. */
  readonly required: readonly string[];
  readonly important: readonly string[];
  /** Names asked for beside the base set, sorted; `name:architecture` for those of foreign architectures. */
  readonly wanted: readonly string[];
}

/** A root filesystem that debootstrap makes, pinned. */
export interface LockedDebootstrapRoot {
  readonly debs: LockedDebs;
  readonly settings: LockedDebootstrap;
}

const names = z.array(packageName);

export const lockedDebootstrapRoot: z.ZodType<LockedDebootstrapRoot> = z.strictObject({
  debs: lockedDebs,
  settings: z.strictObject({
    codename: z.string().regex(/^[a-z][a-z0-9.-]*$/, 'expected a codename'),
    // Becomes a line of the image's sources.
    mirror: z.string().regex(/^https?:\/\/[^\s@]+$/, 'expected the URL of a mirror'),
    base: names,
    required: names,
    important: names,
    wanted: z.array(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9+.-]+(?::[a-z0-9-]+)?$/, 'expected the name of a Debian package'),
    ),
  }),
});
