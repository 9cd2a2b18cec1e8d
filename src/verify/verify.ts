import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { interrupted, ioError } from '../base/errors.ts';
import type { JsonRecord } from '../base/json.ts';
import type { VerificationKey } from '../sign/keys/verification-key.ts';
import { signedFiles } from '../sign/signed-files.ts';
import { verifyByOneOf } from '../sign/verify-signatures.ts';
import {
  checkEvidence,
  type Evidence,
  type EvidenceContext,
  readEvidenceFolder,
} from './evidence.ts';
import { exists } from './evidence-files.ts';
import { followTrust, type TrustSources } from './follow-trust.ts';
import { checkFreshness, type Freshness } from './freshness.ts';
import type { FoundImage } from './image/found-image.ts';
import { type ImagePlace, inspectImage } from './image/inspect-image.ts';
import { checkRebuildStatement } from './rebuild/check-statement.ts';
import { type Check, counted, type Report } from './report.ts';

/** Images, evidence about them, or both, to be verified. */
export interface VerifyRequest extends Omit<EvidenceContext, 'signal'> {
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
  /** Checks that were made while the subject was fetched. */
  readonly found?: readonly Check[];
  /** The greatest age that inputs may have, if one is asked for. */
  readonly freshness?: Freshness;
}

/** The things that a verification was made of. */
export interface Verified {
  readonly images: readonly FoundImage[];
  readonly provenance: JsonRecord | undefined;
  /** The folder of evidence. */
  readonly evidence: string | undefined;
}

/** A report, and what it is about. */
export interface Verification extends Report {
  readonly verified: Verified;
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
  context: EvidenceContext,
): Promise<Check[]> {
  if (evidence === undefined) return [noEvidence];
  const checks = await checkEvidence(evidence, images, context);
  return images.length === 0 ? [...checks, noImage] : checks;
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
    return [{ what, extent, mismatches, proves: 'signature' }];
  }
  const found = await Promise.all(signedFiles.map(({ bundle }) => exists(join(folder, bundle))));
  const skipped = '--key names no public key to check them with';
  return found.some(Boolean) ? [{ what: 'the signatures', mismatches: [], skipped }] : [];
}

/** Reads the images, and marks the first check of each as the one that its bytes were read for. */
async function inspectAll(
  { images: places, scratch }: Pick<VerifyRequest, 'images' | 'scratch'>,
  signal: AbortSignal,
) {
  const found: FoundImage[] = [];
  const checks: Check[] = [];
  for (const place of places) {
    const inspected = await inspectImage(place, signal, scratch);
    found.push(inspected.image);
    const [first, ...others] = inspected.checks;
    if (first !== undefined) checks.push({ ...first, proves: 'image' }, ...others);
  }
  return { found, checks };
}

async function makeReport(request: VerifyRequest, signal: AbortSignal): Promise<Verification> {
  const { subject, evidence: folder, keys = [], freshness, trust } = request;
  const inspected = await inspectAll(request, signal);
  const evidence = folder === undefined ? undefined : await readEvidenceFolder(folder, signal);
  const compared = await checkAgainstImages(evidence, inspected.found, { ...request, signal });
  const signatures = folder === undefined ? [] : await checkSignatures(folder, keys);
  const rebuilt = evidence?.provenance
    ? await checkRebuildStatement(evidence.folder, evidence.provenance, keys, signal)
    : [];
  const { lock, provenance } = evidence ?? {};
  const followed =
    folder !== undefined && lock !== undefined
      ? await followTrust({ folder, lock, provenance }, trust, signal)
      : [];
  const own = [
    ...(request.found ?? []),
    ...(evidence?.checks ?? []),
    ...followed,
    ...inspected.checks,
  ];
  const age = freshness ? [checkFreshness(evidence?.lock, freshness)] : [];
  return {
    subject,
    checks: [...own, ...compared, ...age, ...signatures, ...rebuilt],
    verified: { images: inspected.found, provenance: evidence?.provenance, evidence: folder },
  };
}

/**
 * Computes everything anew from bytes and lists each claim that differs: in images (structure, digests,
 * sizes, layers, config), in the evidence, and between the two. A claim that stands in two places is
 * computed all the same. Errors: IO, INTERRUPTED.
 */
export async function verify(request: VerifyRequest, signal: AbortSignal): Promise<Verification> {
  try {
    return await makeReport(request, signal);
  } catch (error) {
    throw signal.aborted ? interrupted(signal) : ioError(error, 'reading', request.subject);
  }
}
