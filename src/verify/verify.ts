import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { interrupted, ioError } from '../base/errors.ts';
import type { VerificationKey } from '../sign/keys/verification-key.ts';
import { signedFiles } from '../sign/signed-files.ts';
import { verifyByOneOf } from '../sign/verify-signatures.ts';
import { checkEvidence, type Evidence, readEvidenceFolder } from './evidence.ts';
import { exists } from './evidence-files.ts';
import { followTrust, type TrustSources } from './follow-trust.ts';
import type { FoundImage } from './image/found-image.ts';
import { type ImagePlace, inspectImage } from './image/inspect-image.ts';
import { checkRebuildStatement } from './rebuild/check-statement.ts';
import { type Check, counted, type Report } from './report.ts';

/** Images, evidence about them, or both, to be verified. */
export interface VerifyRequest {
  /** The image or folder as the person named it, for messages. */
  readonly subject: string;
  /** Archives, layout folders and rootfs tars. */
  readonly images: readonly ImagePlace[];
  /** The folder of evidence about them; absolute. */
  readonly evidence?: string;
  /** Public keys, one of which must have signed the evidence, if any is given. */
  readonly keys?: readonly VerificationKey[];
  /** The bytes in which signatures over inputs are followed; without them that is skipped. */
  readonly trust?: TrustSources;
}

/** Names that `--output` gives to files in the output folder when it has no dest. */
const archiveName = /^(?:image\.[a-z]+\.tar|rootfs\.tar(?:\.[a-z0-9]+)?)$/;

/** Finds the images in an output folder and returns them by name. */
export async function imagesIn(folder: string): Promise<ImagePlace[]> {
  const names = (await readdir(folder)).filter((name) => archiveName.test(name)).sort();
  const layout = (await exists(join(folder, 'oci-layout'))) ? [{ path: folder, name: '.' }] : [];
  return [...layout, ...names.map((name) => ({ path: join(folder, name), name }))];
}

const noImage: Check = {
  what: 'the image itself',
  mismatches: [],
  skipped:
    'there is none beside the evidence; name the one in an engine, or an archive, to have it checked',
};

const noEvidence: Check = {
  what: 'where the image comes from',
  mismatches: [],
  skipped: 'there is no evidence beside it; --evidence names a folder that has some',
};

async function checkAgainstImages(
  evidence: Evidence | undefined,
  images: readonly FoundImage[],
  signal: AbortSignal,
): Promise<Check[]> {
  if (evidence === undefined) return [noEvidence];
  if (images.length === 0) return [...(await checkEvidence(evidence, undefined, signal)), noImage];
  const checks: Check[] = [];
  for (const image of images) checks.push(...(await checkEvidence(evidence, image, signal)));
  return checks;
}

/** Checks the signatures over the evidence: with keys, all must be there and hold for one of them. */
async function checkSignatures(
  folder: string,
  [first, ...others]: readonly VerificationKey[],
): Promise<Check[]> {
  const what = 'the signatures';
  if (first !== undefined) {
    const { key, problems: mismatches } = await verifyByOneOf(folder, [first, ...others]);
    const extent = `${counted(signedFiles.length, 'file')}, key ${key.hint}`;
    return [{ what, extent, mismatches }];
  }
  const found = await Promise.all(signedFiles.map(({ bundle }) => exists(join(folder, bundle))));
  const skipped = '--key names no public key to check them with';
  return found.some(Boolean) ? [{ what, mismatches: [], skipped }] : [];
}

async function makeReport(request: VerifyRequest, signal: AbortSignal): Promise<Report> {
  const { subject, images, evidence: folder, keys = [], trust } = request;
  const inspected = [];
  for (const place of images) inspected.push(await inspectImage(place, signal));
  const evidence = folder === undefined ? undefined : await readEvidenceFolder(folder, signal);
  const found = inspected.map(({ image }) => image);
  const compared = await checkAgainstImages(evidence, found, signal);
  const own = inspected.flatMap(({ checks }) => checks);
  const signatures = folder === undefined ? [] : await checkSignatures(folder, keys);
  const rebuilt = evidence?.provenance
    ? await checkRebuildStatement(evidence.folder, evidence.provenance, keys, signal)
    : [];
  const { lock, provenance } = evidence ?? {};
  const followed =
    folder !== undefined && lock !== undefined
      ? await followTrust({ folder, lock, provenance }, trust, signal)
      : [];
  const checks = [
    ...(evidence?.checks ?? []),
    ...followed,
    ...own,
    ...compared,
    ...signatures,
    ...rebuilt,
  ];
  return { subject, checks };
}

/**
 * Computes everything anew from bytes and lists each claim that differs: in images (structure, digests,
 * sizes, layers, config), in the evidence, and between the two. A claim that stands in two places is
 * computed all the same. Errors: IO, INTERRUPTED.
 */
export async function verify(request: VerifyRequest, signal: AbortSignal): Promise<Report> {
  try {
    return await makeReport(request, signal);
  } catch (error) {
    throw signal.aborted ? interrupted(signal) : ioError(error, 'reading', request.subject);
  }
}
