import { join } from 'node:path';
import { attachmentsIn } from '../../attach/attachments.ts';
import type { Content } from '../../attach/content.ts';
import { evidenceSets, fetchEvidence } from '../../attach/fetch-evidence.ts';
import { fetchImage, findImage } from '../../attach/fetch-image.ts';
import type { Io } from '../../base/events.ts';
import { describe } from '../../oci/blob.ts';
import { attach } from '../../registry/push.ts';
import { remoteName } from '../../registry/remote-reference.ts';
import type { VerificationKey } from '../../sign/keys/verification-key.ts';
import { verifyByOneOf } from '../../sign/verify-signatures.ts';
import { cacheFolder } from '../../store/cache-folder.ts';
import { openWorkspace } from '../../store/workspace.ts';
import type { Check } from '../../verify/report.ts';
import type { CommandContext } from '../command-context.ts';
import { openSource } from '../place/open-source.ts';
import type { Place } from '../place/place.ts';
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
  content: Content,
  subject: string,
  parent: string,
  isSigned: (folder: string) => Promise<boolean>,
  io: Io,
) {
  const sets = await evidenceSets(content, subject, io);
  const folders: string[] = [];
  let chosen = 0;
  for (const [at, set] of sets.entries()) {
    const folder = join(parent, `evidence-${at}`);
    await fetchEvidence(content, set, folder, io);
    folders.push(folder);
    if (!(await isSigned(folder))) continue;
    chosen = at;
    break;
  }
  const others = sets.filter((_, at) => at !== chosen).map(({ digest }) => digest);
  const evidence = folders[chosen];
  return { ...(evidence && { evidence }), found: leftAside(others) };
}

/** Returns the names of an image for the report: whole, and short. */
function namesOf(place: Place, word: string, digest: string) {
  if (place.kind !== 'remote') return { subject: `${word}@${digest}`, name: word };
  const { reference } = place;
  return {
    subject: remoteName({ ...reference, digest }),
    name: `${reference.path} in ${reference.domain}`,
  };
}

/**
 * Fetches an image and the evidence that is attached to it from a registry or an OCI image layout. A tag is resolved
 * once; from then on the digest stands for the image. Errors: REGISTRY_*, USAGE, ARCHIVE_REFUSED, IO, NO_SPACE.
 */
export async function openPlace(
  place: Place,
  word: string,
  options: LookOptions,
  { env }: CommandContext,
  io: Io,
): Promise<Subject> {
  const { insecureRegistry: insecure = [], keys = [], offline = false } = options;
  const source = await openSource(place, word, { env, insecure, offline }, io);
  const { content, which, repository } = source;
  const manifest = await findImage(content, which, io);
  const { folder, dispose } = await openWorkspace(join(cacheFolder(env), 'tmp'));
  try {
    const { digest } = manifest;
    const path = join(folder, 'image');
    await fetchImage(content, manifest, path, io);
    const isSigned = (evidence: string) => isSignedBy(evidence, keys);
    const attached = options.evidence
      ? { evidence: options.evidence, found: [] }
      : await attachedEvidence(content, digest, folder, isSigned, io);
    const { subject, name } = namesOf(place, word, digest);
    const found = { subject, images: [{ path, name }], ...attached, dispose };
    const { evidence } = attached;
    if (repository === undefined || evidence === undefined) return found;
    const attachAll = async (attaching: Io) =>
      attach(
        repository,
        describe(manifest),
        await attachmentsIn(evidence, attaching.signal),
        attaching,
      );
    return { ...found, attach: attachAll };
  } catch (error) {
    await dispose();
    throw error;
  }
}
