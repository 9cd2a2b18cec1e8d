import type { Io } from '../base/events.ts';
import type { Descriptor } from '../oci/blob.ts';
import type { BlobSource, OnBytes } from '../registry/blobs.ts';
import { registryFailed } from '../registry/failure.ts';
import type { FoundManifest } from '../registry/manifests.ts';
import type { Referrer } from '../registry/referrers.ts';
import type { Repository } from '../registry/remote-reference.ts';

/** A manifest by its tag or by its digest. */
export type Which = { readonly tag: string } | { readonly digest: string };

/** Images and what is attached to them, in a repository of a registry or in an OCI image layout. */
export interface Content {
  /** For messages. */
  readonly name: string;
  /** The repository, from which another one of the same registry can mount blobs. */
  readonly repository?: Repository;
  /** Reads a manifest or index whose bytes are those of its digest; undefined where there is none. */
  manifest(which: Which, io: Io): Promise<FoundManifest | undefined>;
  /** Lists what is attached to a manifest. */
  referrers(digest: string, io: Io): Promise<readonly Referrer[]>;
  /** Writes a blob into a new file, checked against its size and digest. */
  fetch(blob: Descriptor, path: string, onBytes: OnBytes, io: Io): Promise<void>;
  /** Returns a blob as it can be sent elsewhere; `path` names a file that it may be kept in meanwhile. */
  source(blob: Descriptor, path: string, io: Io): BlobSource;
}

/** Reads a manifest or index that has to be there. REGISTRY_FAILED where it is not. */
export async function requireManifest(
  content: Content,
  which: Which,
  io: Io,
): Promise<FoundManifest> {
  const found = await content.manifest(which, io);
  if (found !== undefined) return found;
  const name = 'tag' in which ? `${content.name}:${which.tag}` : `${content.name}@${which.digest}`;
  throw registryFailed(
    `${name}: there is no such image.`,
    'Check the name and the tag; a private repository may need `docker login` first.',
  );
}
