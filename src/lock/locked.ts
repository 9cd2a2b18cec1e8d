import type { PlatformName } from '../base/platform.ts';
import type { LockedRootfs } from '../kinds/minirootfs/locked.ts';
import type { LockedArchive } from '../kinds/static/locked-archive.ts';
import type { LockedApks } from '../packages/apk/locked.ts';
import type { LockedDebootstrap, LockedDebs } from '../packages/deb/locked.ts';

/** A builder's inputs. */
export interface LockedToolchain {
  readonly name: string;
  readonly epoch: number;
  readonly debs: LockedDebs;
}

/** A file of `files:` that is fetched, pinned by the recipe itself. */
export interface LockedFile {
  /** Without credentials. */
  readonly url: string;
  readonly sha256: string;
}

/** Every outside input of one build, pinned. */
export interface Lock extends KindLock {
  readonly lockVersion: 1;
  readonly recipe: string;
  readonly platform: PlatformName;
  /** Seconds since 1970; no time in the image is later. */
  readonly epoch: number;
  /** sha256 of `asked` in its canonical form. */
  readonly request: string;
  /** What was asked for: the fields of recipe and toolchain that choose inputs, without credentials. */
  readonly asked: object;
  /** In the order of the recipe; left out when there is none. */
  readonly files?: readonly LockedFile[];
  readonly toolchain?: LockedToolchain;
}

/** What a kind pins besides the toolchain. */
export interface KindLock {
  /** Packages that are unpacked (`debs`), or that debootstrap and apt install. */
  readonly debs?: LockedDebs;
  readonly debootstrap?: LockedDebootstrap;
  readonly archive?: LockedArchive;
  readonly rootfs?: LockedRootfs;
  readonly apks?: LockedApks;
}
