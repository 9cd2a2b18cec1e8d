import { blobFromFile } from '../registry/file-source.ts';
import { getManifest } from '../registry/manifests.ts';
import { pullBlob } from '../registry/pull.ts';
import { listReferrers } from '../registry/referrers.ts';
import { repositoryName } from '../registry/remote-reference.ts';
import type { OpenRepository } from '../registry/session.ts';
import type { Content } from './content.ts';

/** Returns a repository of a registry as content. */
export const remoteContent = (repository: OpenRepository): Content => ({
  name: repositoryName(repository),
  repository,
  manifest: (which, io) => getManifest(repository, which, io),
  referrers: (digest, io) => listReferrers(repository, digest, io),
  fetch: (blob, path, onBytes, io) => pullBlob(repository, blob, path, onBytes, io),
  source(blob, path, io) {
    let fetching: Promise<void> | undefined;
    return {
      ...{ digest: blob.digest, size: blob.size },
      // Fetched when it turns out that it is not there, and once, however often it is sent.
      async *bytes() {
        fetching ??= pullBlob(repository, blob, path, () => {}, io);
        await fetching;
        const file = blobFromFile(path, blob).bytes();
        if (file instanceof Uint8Array) yield file;
        else yield* file;
      },
    };
  },
});
