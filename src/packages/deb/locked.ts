/** A signed index that was used to choose packages, and why it is believed. */
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
}

/** A dependency-closed set of packages, sorted by name. */
export interface LockedDebs {
  readonly indexes: readonly LockedIndex[];
  readonly packages: readonly LockedPackage[];
}

/**
 * What debootstrap is told besides the packages. The base set is its own choice, by the priorities
 * that the suite's index gives; what a package says of itself may differ from that.
 */
export interface LockedDebootstrap {
  /** Codename of the suite, which may have been asked for as `stable`. */
  readonly codename: string;
  /** The distribution's own mirror, as debootstrap knows it: what stands in the image's sources. */
  readonly mirror: string;
  /** Names of the base set, sorted; the other packages are installed by apt. */
  readonly base: readonly string[];
  /** Those of the base set that the suite calls required, and important. */
  readonly required: readonly string[];
  readonly important: readonly string[];
  /** Names asked for beside the base set, sorted. */
  readonly wanted: readonly string[];
}
