import type { ByteString } from '../base/byte-string.ts';
import type { Io } from '../base/events.ts';
import type { RootfsView } from '../rootfs/view.ts';
import type { Claim } from './claim.ts';
import type { Distro } from './distro.ts';
import type { Licence } from './licences/licence.ts';

/** The reason to trust an input. */
export type Trust =
  /** A signature holds; `signedBy` are fingerprints, or names of keys where the format has only those. */
  | { readonly by: 'signature'; readonly signedBy: readonly string[] }
  /** Listed with this digest in a signed index, which is an input, too; `sha256` is the index's own. */
  | { readonly by: 'index'; readonly index: string; readonly sha256: string }
  /** The recipe states its digest, or it stands beside the recipe. */
  | { readonly by: 'recipe' }
  /** Nobody vouches for it; `--allow unsigned-archive` let it pass. */
  | { readonly by: 'unsigned-archive' };

/** A third party whose archive a package comes from. */
export interface Vendor {
  /** As the recipe names its source; never the name of a distribution. */
  readonly name: string;
  /** Root of its archive, without credentials. */
  readonly repository: string;
}

/** The use of an input: a package of the image, one that only runs a tool, an archive, a file. */
export type InputRole = 'package' | 'package-tool' | 'archive' | 'rootfs' | 'file';

/** An input that a lock pins by the hash of its bytes. */
export interface LockedInput {
  readonly role: InputRole;
  /** Name of the package's family; left out for what is no package. */
  readonly family?: string;
  readonly name: string;
  /** Left out for what has none. */
  readonly version?: string;
  /** In the family's own words. */
  readonly architecture?: string;
  /** Set for a package that is not the distribution's own. */
  readonly vendor?: Vendor;
  /** The source package, whose packages depend on each other's exact versions. */
  readonly source?: { readonly name: string; readonly version?: string };
  /** Package URL; the URL itself for what no package URL names. */
  readonly uri: string;
  /** The URL at which it was found; without credentials. */
  readonly url: string;
  /** Its file name. */
  readonly file: string;
  readonly sha256: string;
  readonly sha512?: string;
  readonly trust: Trust;
  /** Name and version by which two locks are compared, where its own name changes with its version. */
  readonly comparedAs?: { readonly name: string; readonly version: string };
  /** The part of the image that is as old as this input, and its date in seconds since 1970. */
  readonly dated?: { readonly part: string; readonly date: number };
}

/** A signed list of packages, or a detached signature: bytes that other inputs are believed for. */
export interface SignedIndex {
  readonly role: 'index' | 'signature';
  /** For instance `InRelease of trixie`. */
  readonly name: string;
  /** Its file name among the evidence, for instance `trixie.InRelease`. */
  readonly file: string;
  readonly url: string;
  readonly sha256: string;
  /** Fingerprints, or names of keys where the format has only those. */
  readonly signedBy: readonly string[];
  /** The algorithm of its signature, where its format knows several. */
  readonly signature?: string;
  /** For an index: the part of the image that it dates, and when it was made, seconds since 1970. */
  readonly dated?: { readonly part: string; readonly date: number };
  /** For a detached signature: the name of the input that it signs. */
  readonly signs?: string;
}

/** A package as its distribution's database, or the lock and its own control file, state it. */
export interface PackageRecord {
  /** Name of the family. */
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly source: { readonly name: string; readonly version: string };
  readonly maintainer?: string | undefined;
  readonly homepage?: string | undefined;
  /** As the package itself states it, in a family whose packages do. */
  readonly licence?: string | undefined;
}

/** A package that is installed, and what it claims once it has an id. */
export interface InstalledPackage {
  readonly record: PackageRecord;
  readonly claims: (component: string) => Claim[];
}

/** A path that no package ships, and what makes it when packages are installed. */
export interface GeneratedRule {
  /** A path of the image as in `slim:`: `*` for any part of a name, `**` for any path. */
  readonly paths: string;
  /**
   * The package that makes it, the first of these that is there; `build` for what the step that makes
   * the root filesystem writes itself; `target` for a link: the package that ships what it leads to.
   */
  readonly by: readonly string[] | 'build' | 'target';
  /** For a link: the path that it must lead to, in the same form. */
  readonly leadsTo?: string;
  readonly reason: string;
}

/** Finds the licence of a package. */
export type LicenceOf = (record: PackageRecord) => Promise<Licence>;

/** The versions of packages in a rootfs and the owners of paths, to compare two. */
export interface PackageOwners {
  /** Name → version. */
  readonly versions: ReadonlyMap<string, string>;
  /** Path → name of the package that it belongs to. */
  readonly owners: ReadonlyMap<ByteString, string>;
}

/** The parts of a package's version, as advisories compare them. */
export interface VersionParts {
  readonly epoch?: string | undefined;
  readonly upstream: string;
  /** The distribution's own count of what it made of the same upstream version. */
  readonly revision?: string | undefined;
}

/**
 * A family of packages: who owns a path, under which licence, by which package URL. Its name is the type
 * of its package URLs. How a family's indexes, signatures, closures and files are read is its own
 * affair: kinds that use the family import that from its folder.
 */
export interface PackageFamily {
  readonly name: string;
  /**
   * Reads what the family's database in a rootfs says is installed, and which paths are whose; undefined
   * without one. Throws SyntaxError for one that cannot be read.
   */
  database(view: RootfsView): Promise<InstalledPackage[] | undefined>;
  /** Reads the packages that were recorded without the database. */
  recorded?(view: RootfsView): Promise<PackageOwners>;
  /** The paths that installing packages makes. */
  readonly generated: readonly GeneratedRule[];
  /** Returns the package URL of a package (purl-spec): the distribution's, or a third party's. */
  purl(record: PackageRecord, distro: Distro, vendor?: Vendor): string;
  /** Splits a version; the whole is upstream's in a family that leaves this out. */
  versionParts?(version: string): VersionParts;
  /** Returns a function that finds the licence of a package in its record and in the rootfs. */
  licences(view: RootfsView, io: Io): LicenceOf;
  /** Returns how `packages:` names the package of a program; undefined where that is not known. */
  packageOf?(program: string): string | undefined;
  /** Says whether a locked file is the one that an installed package came in. */
  isFileOf(input: LockedInput, record: PackageRecord): boolean;
}
