import type { PlatformName } from '../platform.ts';
import type { LockedArchive } from '../sources/archive/locked.ts';
import type { LockedDebs } from '../sources/debian/locked.ts';
import type { LockedRootfs } from '../sources/rootfs-archive/locked.ts';

/** A builder's inputs. */
export interface LockedToolchain {
  readonly name: string;
  readonly epoch: number;
  readonly debs: LockedDebs;
}

/** Every outside input of one build, pinned. */
export interface Lock {
  readonly lockVersion: 1;
  readonly recipe: string;
  readonly platform: PlatformName;
  /** Seconds since 1970; no time in the image is later. */
  readonly epoch: number;
  /** sha256 of what was asked for: the fields of recipe and toolchain that choose inputs. */
  readonly request: string;
  readonly debs?: LockedDebs;
  readonly archive?: LockedArchive;
  readonly rootfs?: LockedRootfs;
  readonly toolchain?: LockedToolchain;
}

/** What a kind pins besides the toolchain. */
export interface KindLock {
  readonly debs?: LockedDebs;
  readonly archive?: LockedArchive;
  readonly rootfs?: LockedRootfs;
}
