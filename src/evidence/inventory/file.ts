import type { ByteString } from '../../base/byte-string.ts';
import type { FileDigests } from '../../kinds/component.ts';

/** The ground on which a file is attributed to a component. */
export type Attribution =
  /** The package lists the path, and the bytes (or the link's target) are those that it shipped. */
  | { readonly by: 'package' }
  /** The package lists the path and keeps no hash of it, as dpkg does not of links. */
  | { readonly by: 'listed' }
  /** The package's installation scripts made or changed it. */
  | { readonly by: 'rule'; readonly reason: string }
  /** The recipe says so, and the bytes are those that it asks for, or that its commands left. */
  | { readonly by: 'recipe' }
  /** It is no package's, and unchanged from the archive that the rootfs comes from. */
  | { readonly by: 'archive' }
  /** It was linked from the components that list it under `linked`. */
  | { readonly by: 'link' };

/** A path of the rootfs other than a directory, which has no bytes of its own. */
export interface InventoryFile {
  /** Without a leading slash. */
  readonly path: ByteString;
  readonly type: 'file' | 'symlink' | 'character' | 'block' | 'fifo';
  /** Target of a symlink. */
  readonly target?: ByteString;
  /** Digests of a regular file, under each of its names. */
  readonly digests?: FileDigests;
  /** The component's id; undefined if the path is attributed to nothing. */
  readonly component: string | undefined;
  readonly attribution: Attribution | undefined;
}
