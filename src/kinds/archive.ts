import type { SignedIndex } from '../packages/contract.ts';
import { tarStem } from '../tar/compression-names.ts';

/**
 * Returns name and version of an archive by its file name: `lua5.4_5.4.7.orig.tar.xz`,
 * `zlib-1.3.1.tar.gz`.
 */
export function nameAndVersion(file: string): { name: string; version?: string } {
  const stem = (tarStem(file) ?? file).replace(/\.orig$/, '');
  const [, name, version] = /^(.+?)[-_]v?(\d[A-Za-z0-9.+~_-]*)$/.exec(stem) ?? [];
  return name !== undefined && version !== undefined ? { name, version } : { name: stem };
}

/** A detached signature in a lock: its URL, its digest and the keys that made it. */
export interface LockedSignature {
  /** Without credentials. */
  readonly url: string;
  /** sha256 of the signature's bytes. */
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
