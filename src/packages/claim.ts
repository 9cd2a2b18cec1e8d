import type { ByteString } from '../base/byte-string.ts';

/** Hashes that package databases keep of files. */
export type Algorithm = 'md5' | 'sha1' | 'sha256';

/** The contents that a component expects at a path. */
export type Expected =
  /** A file by its digest; for a link of which only a hash is kept, the digest is that of its target. */
  | { readonly type: 'file'; readonly algorithm: Algorithm; readonly digest: string }
  | { readonly type: 'symlink'; readonly target: ByteString }
  /** A program of a static build, which is what the linker made. */
  | { readonly type: 'program' }
  /** A device, pipe or file of which nothing but the name is known. */
  | { readonly type: 'name' };

/** A component's statement that a path is its own; it counts when the bytes are as expected. */
export interface Claim {
  /** Id of the component. */
  readonly component: string;
  /** Without leading slash, as the component states it: links among its folders are not followed yet. */
  readonly path: ByteString;
  readonly expected: Expected;
}
