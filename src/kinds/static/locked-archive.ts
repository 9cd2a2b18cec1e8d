import * as z from 'zod';
import type { LockedInput, SignedIndex, Trust } from '../../packages/contract.ts';
import { listedIn, suiteIndex } from '../../packages/deb/deb-inputs.ts';
import { type LockedIndex, lockedIndex } from '../../packages/deb/locked-debs.ts';
import { bytes, fileName, fingerprint, text, url } from '../../packages/lock-fields.ts';
import { sha256 } from '../../recipe/schema/fields.ts';
import { detachedSignature } from '../archive.ts';

/** An upstream source archive, pinned. */
export interface LockedArchive {
  /** Without credentials. */
  readonly url: string;
  /** File name, as the build sees it. */
  readonly name: string;
  readonly size?: number | undefined;
  readonly sha256: string;
  /** Version of the Debian source package that names it, where one does. */
  readonly version?: string | undefined;
  /** The reason to trust it: pinned in the recipe, signed by a key, or listed in a signed index. */
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

/** The inputs of a program; none where its sources stand beside the recipe. */
export interface LockedStatic {
  readonly archive?: LockedArchive | undefined;
}

const lockedArchive = z.strictObject({
  url,
  name: fileName,
  size: bytes.optional(),
  sha256,
  version: text.optional(),
  trust: z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('recipe') }),
    z.strictObject({
      by: z.literal('signature'),
      url,
      sha256,
      signedBy: z.array(fingerprint),
    }),
    z.strictObject({ by: z.literal('index'), index: lockedIndex }),
  ]),
});

export const lockedStatic: z.ZodType<LockedStatic> = z.strictObject({
  archive: lockedArchive.optional(),
});

function trustIn({ trust }: LockedArchive): Trust {
  switch (trust.by) {
    case 'recipe':
      return trust;
    case 'index':
      return listedIn(trust.index);
    case 'signature':
      return { by: trust.by, signedBy: trust.signedBy };
  }
}

/** Describes an upstream archive as an input of the lock. */
export function archiveInput(archive: LockedArchive): LockedInput {
  const { name, url, sha256, version } = archive;
  return {
    ...{ role: 'archive', name, uri: url, url, file: name, sha256 },
    ...(version !== undefined && { version }),
    trust: trustIn(archive),
  };
}

/** Describes the signed index that names an upstream archive, or the signature over it. */
export function archiveIndexes({ name, trust }: LockedArchive): SignedIndex[] {
  if (trust.by === 'index') return [suiteIndex(trust.index, 'source archive')];
  return trust.by === 'signature' ? [detachedSignature(name, trust)] : [];
}
