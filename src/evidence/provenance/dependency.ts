import type { InputRole, Trust as LockedTrust, SignedIndex } from '../../packages/contract.ts';
import type { DigestSet, ResourceDescriptor } from './statement.ts';

/** The use of an input. */
export type Role = InputRole | SignedIndex['role'] | 'recipe' | 'beside-recipe' | 'toolchain';

/** Why an input is believed. */
export type Trust =
  | LockedTrust
  /** It came with mkbase. */
  | { readonly by: 'mkbase' }
  /** It is a signature, which the key decides about. */
  | { readonly by: 'key'; readonly signedBy: readonly string[] };

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
    /** How an index was signed, where its format knows several ways. */
    readonly signature?: string;
  };
}
