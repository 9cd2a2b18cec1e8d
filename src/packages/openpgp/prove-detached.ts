import type { PublicKey } from 'openpgp';
import type { Io } from '../../base/events.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import { pastCheck } from '../keyrings/judge-key.ts';
import { fetchPinned, pinnedBytes } from '../pinned-bytes.ts';
import { attempt, ProvenInput, requireSigners, type SetProof, SignedFile } from '../proof.ts';
import type { RunSources } from '../sources.ts';
import { verifyDetached } from './signature.ts';

/** A locked file and the detached signature that a lock names for it. */
export interface SignedArchive {
  readonly name: string;
  readonly download: Download;
  readonly signature: {
    /** Places of the signature; may carry credentials. */
    readonly urls: readonly string[];
    readonly sha256: string;
    /** The fingerprints that the lock claims. */
    readonly signedBy: readonly string[];
  };
}

const maxSignatureBytes = 1024 * 1024;

/**
 * Checks the detached signature over a locked archive with the keys that are believed for it. Both are
 * pinned, so a key that has ended since it signed counts as `judgeKey` says. `foreign` says that the keys are the recipe's own.
 */
export function proveDetached(
  { name, download, signature }: SignedArchive,
  keys: { readonly keys: readonly PublicKey[]; readonly foreign: boolean },
  sources: Pick<RunSources, 'store' | 'offline' | 'allow' | 'now'>,
  io: Io,
): Promise<SetProof> {
  const { sha256 } = download;
  const file = { sha256: signature.sha256, name: `the signature of ${name}` };
  return attempt(file, [download], async () => {
    const { urls } = signature;
    const wanted = { urls, sha256: signature.sha256, maxBytes: maxSignatureBytes };
    await fetchPinned([download], sources, io);
    const bytes = await pinnedBytes(wanted, sources, io);
    const check = { keys: keys.keys, what: name, now: sources.now, past: pastCheck(sources, io) };
    const found = await verifyDetached(sources.store.read(sha256), bytes, check);
    requireSigners(name, signature.signedBy, found);
    return {
      signed: [SignedFile.seen(signature.sha256, found, keys.foreign)],
      inputs: [ProvenInput.seen(sha256, 'signature')],
      refusals: [],
    };
  });
}
