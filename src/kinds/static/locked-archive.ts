import type { LockedIndex } from '../../packages/deb/locked.ts';

/** An upstream source archive, pinned. */
export interface LockedArchive {
  /** Without credentials. */
  readonly url: string;
  /** File name, as the build sees it. */
  readonly name: string;
  readonly size?: number;
  readonly sha256: string;
  /** Version of the Debian source package that names it, where one does. */
  readonly version?: string;
  /** Why it is trusted: pinned in the recipe, signed by a key, or listed in a signed index. */
  readonly trust:
    | { readonly by: 'recipe' }
    | {
        readonly by: 'signature';
        readonly url: string;
        readonly sha256: string;
        readonly signedBy: readonly string[];
      }
    | { readonly by: 'index'; readonly index: LockedIndex };
}
