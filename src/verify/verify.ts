import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { interrupted, ioError } from '../base/errors.ts';
import type { VerificationKey } from '../sign/verification-key.ts';
import type { Check, Report } from './check.ts';
import { checkEvidence, type Evidence, readEvidenceFolder } from './evidence.ts';
import { exists } from './evidence-files.ts';
import type { FoundImage } from './found-image.ts';
import { type ImagePlace, inspectImage } from './inspect-image.ts';
import { checkRebuildStatement } from './rebuild-check.ts';
import { checkSignatures } from './signatures.ts';

/** What is to be verified. */
export interface VerifyRequest {
  /** As it was named, for messages. */
  readonly subject: string;
  /** Archives, layout folders and rootfs tars. */
  readonly images: readonly ImagePlace[];
  /** The folder of evidence about them; absolute. */
  readonly evidence?: string;
  /** With it, the evidence must be signed by it. */
  readonly key?: VerificationKey;
}

/** What `--output` writes into the output folder without a dest. */
const archiveName = /^(?:image\.[a-z]+\.tar|rootfs\.tar(?:\.[a-z0-9]+)?)$/;

/** The images in an output folder, by name. */
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

async function against(
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

async function makeReport(request: VerifyRequest, signal: AbortSignal): Promise<Report> {
  const { subject, images, evidence: folder, key } = request;
  const inspected = [];
  for (const place of images) inspected.push(await inspectImage(place, signal));
  const evidence = folder === undefined ? undefined : await readEvidenceFolder(folder, signal);
  const found = inspected.map(({ image }) => image);
  const crossed = await against(evidence, found, signal);
  const own = inspected.flatMap(({ checks }) => checks);
  const signatures = folder === undefined ? [] : await checkSignatures(folder, key);
  const rebuilt = evidence?.provenance
    ? await checkRebuildStatement(evidence.folder, evidence.provenance, key, signal)
    : [];
  const checks = [...(evidence?.checks ?? []), ...own, ...crossed, ...signatures, ...rebuilt];
  return { subject, checks };
}

/**
 * Computes everything anew from bytes and lists each claim that is otherwise: in images (structure,
 * digests, sizes, layers, config), in the evidence, and of one in the other. Nothing is believed for
 * being written down twice. Errors: IO, INTERRUPTED.
 */
export async function verify(request: VerifyRequest, signal: AbortSignal): Promise<Report> {
  try {
    return await makeReport(request, signal);
  } catch (error) {
    throw signal.aborted ? interrupted(signal) : ioError(error, 'reading', request.subject);
  }
}
