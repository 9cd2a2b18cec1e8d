import { join } from 'node:path';
import { evidenceSets, fetchEvidence } from '../../attach/fetch-evidence.ts';
import { fetchImage, findImage } from '../../attach/fetch-image.ts';
import type { Io } from '../../base/events.ts';
import { parseRemote, remoteName } from '../../registry/remote-reference.ts';
import { type OpenRepository, openRepository } from '../../registry/session.ts';
import type { VerificationKey } from '../../sign/keys/verification-key.ts';
import { verifyByOneOf } from '../../sign/verify-signatures.ts';
import { cacheFolder } from '../../store/cache-folder.ts';
import { openWorkspace } from '../../store/workspace.ts';
import type { Check } from '../../verify/report.ts';
import type { CommandContext } from '../command-context.ts';
import type { LookOptions, Subject } from './look.ts';

/** Tells whether one of the keys has signed all evidence in a folder; of no keys nothing is asked. */
export async function isSignedBy(
  folder: string,
  [first, ...others]: readonly VerificationKey[],
): Promise<boolean> {
  if (first === undefined) return true;
  return (await verifyByOneOf(folder, [first, ...others])).problems.length === 0;
}

/** Names the sets of evidence that were left aside: whoever may push can attach what they like. */
const leftAside = (digests: readonly string[]): Check[] =>
  digests.map((digest) => ({
    what: `other evidence, ${digest}`,
    mismatches: [],
    skipped: 'it is attached to the same image, and one set of evidence is verified',
  }));

/**
 * Fetches the evidence that is attached to an image or index into a folder below `parent`. Of several sets it is
 * the first that `isSigned` says holds, else the first of all.
 */
export async function attachedEvidence(
  repository: OpenRepository,
  subject: string,
  parent: string,
  isSigned: (folder: string) => Promise<boolean>,
  io: Io,
) {
  const sets = await evidenceSets(repository, subject, io);
  const folders: string[] = [];
  let chosen = 0;
  for (const [at, set] of sets.entries()) {
    const folder = join(parent, `evidence-${at}`);
    await fetchEvidence(repository, set, folder, io);
    folders.push(folder);
    if (!(await isSigned(folder))) continue;
    chosen = at;
    break;
  }
  const others = sets.filter((_, at) => at !== chosen).map(({ digest }) => digest);
  const evidence = folders[chosen];
  return { ...(evidence && { evidence }), found: leftAside(others) };
}

/**
 * Fetches an image and the evidence that is attached to it from a registry. A tag is resolved once; from then on
 * the digest stands for the image. Errors: REGISTRY_*, USAGE, IO, NO_SPACE.
 */
export async function openRemote(
  word: string,
  options: LookOptions,
  { env }: CommandContext,
  io: Io,
): Promise<Subject> {
  const reference = parseRemote(word);
  const { insecureRegistry: insecure = [], keys = [] } = options;
  const repository = await openRepository(reference, { env, insecure }, io);
  const manifest = await findImage(repository, reference, io);
  const { folder, dispose } = await openWorkspace(join(cacheFolder(env), 'tmp'));
  try {
    const { digest } = manifest;
    const path = join(folder, 'image');
    await fetchImage(repository, manifest, path, io);
    const isSigned = (evidence: string) => isSignedBy(evidence, keys);
    const attached = options.evidence
      ? { evidence: options.evidence, found: [] }
      : await attachedEvidence(repository, digest, folder, isSigned, io);
    const { domain, path: name, tag } = reference;
    const subject = remoteName({ domain, path: name, ...(tag && { tag }), digest });
    const images = [{ path, name: `${name} in ${domain}` }];
    return { subject, images, ...attached, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
