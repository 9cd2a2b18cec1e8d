import type { DigestSet, ResourceDescriptor } from './statement.ts';

/** What an input is for. */
export type Role =
  | 'recipe'
  | 'beside-recipe'
  | 'toolchain'
  | 'index'
  | 'signature'
  | 'package'
  | 'package-tool'
  | 'archive'
  | 'rootfs'
  | 'file';

/** Why an input is believed. */
export type Trust =
  /** A signature holds; `signedBy` are fingerprints, or names of keys where the format has only those. */
  | { readonly by: 'signature'; readonly signedBy: readonly string[] }
  /** Listed with this digest in a signed index, which is an input, too; `sha256` is the index's own. */
  | { readonly by: 'index'; readonly index: string; readonly sha256: string }
  /** The recipe states its digest, or it stands beside the recipe. */
  | { readonly by: 'recipe' }
  /** It came with mkbase. */
  | { readonly by: 'mkbase' }
  /** It is a signature, which the key decides about. */
  | { readonly by: 'key'; readonly signedBy: readonly string[] }
  /** Nobody vouches for it; `--allow unsigned-archive` let it pass. */
  | { readonly by: 'unsigned-archive' };

/** An input, and why it is trusted, in the one form that all kinds of inputs have. */
export interface Dependency extends ResourceDescriptor {
  readonly name: string;
  readonly digest: DigestSet;
  readonly annotations: {
    readonly role: Role;
    readonly trust: Trust;
    /** Source package, where a binary package was built from one. */
    readonly source?: string;
    readonly sourceVersion?: string;
    /** How an index of Alpine was signed: `rsa-sha1` or `rsa-sha256`. */
    readonly signature?: string;
  };
}
