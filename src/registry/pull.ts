import { rm } from 'node:fs/promises';
import type { Io } from '../base/events.ts';
import type { Descriptor } from '../oci/blob.ts';
import { TransferFailure } from '../store/transfer/failure.ts';
import { receive } from '../store/transfer/receive.ts';
import { type BlobFile, newBlobFile } from './blob-file.ts';
import type { OnBytes } from './blobs.ts';
import { registryCorrupt } from './failure.ts';
import { repositoryName } from './remote-reference.ts';
import { pullScope } from './scopes.ts';
import { type OpenRepository, persist } from './session.ts';

/** Fetches the bytes that a file does not hold yet. A token that has run out is asked for anew, once. */
async function fill(
  file: BlobFile,
  { digest, size }: Descriptor,
  { session, ...repository }: OpenRepository,
  io: Io,
): Promise<void> {
  const { login, network, url: base } = session;
  const target = `${repository.path}/blobs/${digest}`;
  const { href } = new URL(`v2/${target}`, base);
  const scopes = [pullScope(repository)];
  const once = async () => {
    const authorization = await login.authorization(scopes, io.signal);
    await receive(
      { sink: file, maxBytes: size, pinned: true, network, authorization },
      href,
      io.signal,
    );
  };
  try {
    await once();
  } catch (error) {
    if (!(error instanceof TransferFailure) || error.status !== 401) throw error;
    await session.ask({ method: 'HEAD', target, scopes, doing: `reading ${target}` }, io);
    await once();
  }
}

/**
 * Fetches a blob into a new file, going on after a cut, and checks its size and digest. No file is left when
 * that fails. Errors: REGISTRY_*, IO, NO_SPACE, INTERRUPTED.
 */
export async function pullBlob(
  repository: OpenRepository,
  blob: Descriptor,
  path: string,
  onBytes: OnBytes,
  io: Io,
): Promise<void> {
  const file = newBlobFile(path, onBytes);
  try {
    try {
      await persist(() => fill(file, blob, repository, io), repository.session.network, io);
      const [size, digest] = [file.size(), file.digest()];
      if (size !== blob.size || digest !== blob.digest) {
        throw registryCorrupt(
          `${repositoryName(repository)}: the registry sent another blob.\n  expected ${blob.digest}, ${blob.size} bytes\n  received ${digest}, ${size} bytes`,
        );
      }
    } finally {
      file.close();
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
