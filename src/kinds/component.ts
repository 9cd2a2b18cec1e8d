import type { ByteString } from '../base/byte-string.ts';
import type { LicenceOf, LockedInput, PackageRecord } from '../packages/contract.ts';
import type { Licence } from '../packages/licences/licence.ts';

/** The sort of a component: the name of a package's family, or one of the others. */
export type ComponentKind =
  | (string & {})
  /** An upstream source archive that was built. */
  | 'archive'
  /** The files of a published root filesystem that no package of it owns. */
  | 'rootfs-archive'
  /** Own sources beside the recipe. */
  | 'sources'
  /** Files that `files:`, `accounts:` and `run:` of the recipe made. */
  | 'files'
  | 'accounts'
  | 'run'
  /** Files that the step which makes the root file system writes itself. */
  | 'from';

/** A part of an image, by name and version: what the files of a rootfs belong to. */
export interface Component {
  /** Unique in the inventory and the same in every build: the purl, or for the recipe's own its kind. */
  readonly id: string;
  readonly kind: ComponentKind;
  readonly name: string;
  readonly version?: string;
  /** In the distribution's words; left out where none applies. */
  readonly architecture?: string;
  /** The source package that it was built from. */
  readonly source?: { readonly name: string; readonly version: string };
  /** The maintainer as the package's record names them: `Name <address>`. */
  readonly maintainer?: string;
  readonly homepage?: string;
  /** The supplier in SPDX's words: `Organization: name` or `Person: name`. */
  readonly supplier?: string;
  /** The name by which advisories know it (CPE 2.3). */
  readonly cpe?: string;
  /** The URL of its sources, as the recipe states it. */
  readonly repository?: string;
  readonly licence: Licence;
  /** Package URL (ECMA-427); left out for the recipe's own. */
  readonly purl?: string;
  /** sha256 of the .deb, .apk or archive, where the lock has it. */
  readonly sha256?: string;
  /** The URL at which the lock found it. */
  readonly url?: string;
  /**
   * Paths below the recipe that a component of the recipe's own is made from, and the sha256 of their
   * bytes.
   */
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
  /** The parts of it that were linked into static programs. */
  readonly linked: readonly LinkedPart[];
}

/** The objects that a linker took from one component into one program. */
export interface LinkedPart {
  /** Path in the image, without its leading slash. */
  readonly program: ByteString;
  /** Sorted: `usr/lib/x86_64-linux-gnu/crt1.o`, `usr/lib/x86_64-linux-gnu/libc.a(printf.o)`. */
  readonly objects: readonly string[];
}

/** Hashes of a regular file's bytes, hexadecimal. */
export interface FileDigests {
  readonly sha1: string;
  readonly sha256: string;
}

/** A path, or a part of its contents, that no component is known for. */
export interface Unattributed {
  readonly path: ByteString;
  /** One sentence, for instance `no package lists it and no rule explains it`. */
  readonly reason: string;
}

/** A package and what else is known of it. */
export interface KnownPackage {
  readonly record: PackageRecord;
  /** Package URL, which is its id. */
  readonly purl: string;
  /** The locked file that it came in; undefined when the lock has no such package. */
  readonly locked: Pick<LockedInput, 'sha256' | 'url'> | undefined;
  readonly linked?: readonly LinkedPart[];
}

/** Returns a package as a component. */
export async function packageComponent(
  { record, purl, locked, linked = [] }: KnownPackage,
  licenceOf: LicenceOf,
): Promise<Component> {
  const { kind, name, version, architecture, source, maintainer, homepage } = record;
  return {
    ...{ id: purl, kind, name, version, architecture, source },
    ...(maintainer !== undefined && { maintainer }),
    ...(homepage !== undefined && { homepage }),
    licence: await licenceOf(record),
    purl,
    ...(locked && { sha256: locked.sha256, url: locked.url }),
    inputs: [],
    linked,
  };
}
