import type { Io } from '../../base/events.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import { pastCheck } from '../keyrings/judge-key.ts';
import { below } from '../mirror-url.ts';
import type { WebOfTrust } from '../openpgp/web-of-trust.ts';
import { fetchPinned, pinnedBytes } from '../pinned-bytes.ts';
import {
  attempt,
  contradicted,
  disagrees,
  joinProofs,
  ProvenInput,
  requireSame,
  requireSigners,
  type SetProof,
  SignedFile,
} from '../proof.ts';
import type { RunSources } from '../sources.ts';
import { maxSignatureBytes } from './fetch-alpm.ts';
import type { LockedAlpm, LockedAlpms } from './locked-alpm.ts';
import { verifyPackage } from './verify-package.ts';

/** The architecture that a recipe is for, its mirror, and the packagers that count. */
export interface AskedPackages {
  readonly arch: string;
  /** Mirror root of this run, or the recipe's. */
  readonly mirror: string;
  readonly web: WebOfTrust;
}

/** Returns where a package can be had: from this run's mirror, else from the lock's. */
export const alpmUrls = (
  filename: string,
  { mirror: pinned }: Pick<LockedAlpms, 'mirror'>,
  mirror: string,
): string[] => [...new Set([mirror, pinned])].map((root) => below(root, filename));

/** Returns what to download for locked packages. */
export const alpmDownloads = (locked: LockedAlpms, mirror: string): Download[] =>
  locked.packages.map(({ filename, sha256, size }) => ({
    urls: alpmUrls(filename, locked, mirror),
    sha256,
    size,
  }));

/**
 * Requires that a packager is certified by the masters that a lock names. One that is no master any more is
 * let pass: it counts for nothing. Throws SOURCE_UNTRUSTED.
 */
function requireMasters(
  what: string,
  claimed: readonly string[],
  found: readonly string[],
  { masters }: Pick<WebOfTrust, 'masters'>,
): void {
  const known = masters.map((key) => key.getFingerprint().toUpperCase());
  if (claimed.every((each) => found.includes(each) || !known.includes(each))) return;
  const field = `the masters who certify the packager of ${what}`;
  throw disagrees(field, claimed.join(', '), found.join(', '), 'the keyring');
}

async function proveOne(
  each: LockedAlpm,
  locked: LockedAlpms,
  { arch, mirror, web }: AskedPackages,
  sources: RunSources,
  io: Io,
): Promise<SetProof> {
  const { name, version, sha256, size, filename, signature } = each;
  const what = `${name} ${version}`;
  const file = { sha256: signature.sha256, name: `the signature of ${name}` };
  return attempt(file, [each], async () => {
    const urls = alpmUrls(filename, locked, mirror);
    await fetchPinned([{ urls, sha256, size }], sources, io);
    const places = urls.map((url) => `${url}.sig`);
    const wanted = { urls: places, sha256: signature.sha256, maxBytes: maxSignatureBytes };
    const bytes = await pinnedBytes(wanted, sources, io);
    const open = () => sources.store.read(sha256);
    const check = { what, now: sources.now, past: pastCheck(sources, io) };
    const { stated, signer, masters } = await verifyPackage({ open, signature: bytes }, web, check);
    requireSigners(what, [signature.signedBy], [signer]);
    requireMasters(what, signature.masters, masters, web);
    requireSame<object>(what, { ...each }, stated);
    if (stated.arch !== arch && stated.arch !== 'any') {
      throw disagrees('the architecture', stated.arch, arch, 'the recipe');
    }
    return {
      signed: [SignedFile.seen(signature.sha256, [signer, ...masters], web.foreign)],
      inputs: [ProvenInput.seen(sha256, 'signature')],
      refusals: [],
    };
  });
}

/**
 * Follows the chain of trust for each locked package: enough masters certify the packager's key, that key
 * signed the package, and its own .PKGINFO says what the lock says of it.
 */
export async function proveAlpm(
  locked: LockedAlpms,
  asked: AskedPackages,
  sources: RunSources,
  io: Io,
): Promise<SetProof> {
  if (locked.arch !== asked.arch) {
    const error = disagrees('the architecture', locked.arch, asked.arch, 'the recipe');
    return contradicted(locked.packages, error, locked.packages[0]?.signature.sha256);
  }
  const proofs: SetProof[] = [];
  for (const each of locked.packages) proofs.push(await proveOne(each, locked, asked, sources, io));
  return joinProofs(proofs);
}
