import type { SignedIndex } from '../packages/contract.ts';

/** A detached signature in a lock: where it was, and whose it is. */
export interface LockedSignature {
  /** Without credentials. */
  readonly url: string;
  /** Of the signature's bytes. */
  readonly sha256: string;
  readonly signedBy: readonly string[];
}

/** Describes the detached signature over a locked file. */
export const detachedSignature = (
  name: string,
  { url, sha256, signedBy }: LockedSignature,
): SignedIndex => ({
  role: 'signature',
  name: `signature of ${name}`,
  file: `${name}.asc`,
  signs: name,
  ...{ url, sha256, signedBy },
});
