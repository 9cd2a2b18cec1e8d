import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { platformFileName } from '../../base/platform.ts';
import type { VerificationKey } from '../../sign/keys/verification-key.ts';
import type { ImagePlace } from '../../verify/image/inspect-image.ts';
import { checkIndex, type PlatformImage } from '../../verify/index/check-index.ts';
import { holdsIndexEvidence, readIndexEvidence } from '../../verify/index/index-evidence.ts';
import type { Check } from '../../verify/report.ts';
import { imagesIn, type Verification } from '../../verify/verify.ts';
import { isInRegistry, type LookOptions } from './look.ts';

/** The evidence of an index that a word names, and the layouts that are said to hold it. */
export interface IndexSubject {
  readonly folder: string;
  readonly places: readonly ImagePlace[];
  /** `sha256:<hex>` of the index itself, where it was found apart from a layout. */
  readonly digest?: string;
  /** Checks that were made while it was fetched. */
  readonly found?: readonly Check[];
}

/**
 * Returns the index that a word names: by the folder of its evidence, by that folder's name in mkbase-out, or
 * by a layout in that folder. Undefined for anything else.
 */
export async function indexSubject(
  word: string,
  cwd: string,
  evidence: string | undefined,
): Promise<IndexSubject | undefined> {
  const path = isAbsolute(word) ? word : resolve(cwd, word);
  const named = /^[a-z0-9:._-]+$/.test(word)
    ? [resolve(cwd, 'mkbase-out', word.replace(':', '-'))]
    : [];
  for (const folder of [path, ...named]) {
    if (await holdsIndexEvidence(folder)) return { folder, places: await imagesIn(folder) };
  }
  const folder = evidence === undefined ? dirname(path) : resolve(cwd, evidence);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !(await holdsIndexEvidence(folder))) return undefined;
  return { folder, places: [{ path, name: basename(path) }] };
}

/** Tells whether a word names nothing on this machine and is looked for in a registry. */
export async function isRemote(
  word: string,
  options: Pick<LookOptions, 'engine'>,
  cwd: string,
): Promise<boolean> {
  if (!isInRegistry(word, options)) return false;
  return (await stat(resolve(cwd, word)).catch(() => undefined)) === undefined;
}

/**
 * Verifies each image of an index by itself, as `verifyOne` does with the folder of its evidence, and then the
 * index against them.
 */
export async function reportOnIndex(
  word: string,
  { folder, places, digest, found: before = [] }: IndexSubject,
  keys: readonly VerificationKey[],
  verifyOne: (folder: string) => Promise<Verification>,
  signal: AbortSignal,
): Promise<Verification> {
  const evidence = await readIndexEvidence(folder);
  const checks: Check[] = [];
  const images: PlatformImage[] = [];
  for (const platform of evidence.platforms) {
    const report = await verifyOne(join(folder, platformFileName(platform)));
    checks.push(...report.checks.map((each) => ({ ...each, what: `${platform}: ${each.what}` })));
    const image = report.verified.images.find(({ manifestSize }) => manifestSize !== undefined);
    images.push({ platform, image });
  }
  const index = { places, ...(digest !== undefined && { digest }) };
  checks.push(...(await checkIndex(evidence, images, index, keys, signal)), ...before);
  const found = images.flatMap(({ image }) => (image ? [image] : []));
  const verified = { images: found, provenance: evidence.statement, evidence: folder };
  return { subject: word, checks, verified };
}
