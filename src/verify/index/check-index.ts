import { join } from 'node:path';
import { list, record, text, texts } from '../../base/json.ts';
import { differences } from '../../base/json-differences.ts';
import { type PlatformName, platformFileName } from '../../base/platform.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import { indexStatement } from '../../evidence/index-statement.ts';
import { ociPlatform } from '../../image/compose-image.ts';
import { composeIndex } from '../../image/compose-index.ts';
import { mediaTypes } from '../../oci/blob.ts';
import type { VerificationKey } from '../../sign/keys/verification-key.ts';
import { signedOfIndex } from '../../sign/signed-files.ts';
import { verifyIndexByOneOf } from '../../sign/verify-signatures.ts';
import { checkSums, exists } from '../evidence-files.ts';
import { hashFile } from '../image/archive-files.ts';
import type { FoundImage } from '../image/found-image.ts';
import { type Check, counted, type Mismatch } from '../report.ts';
import { checkIndexArchive, type IndexPlace } from './check-archive.ts';
import { type IndexEvidence, parametersOf } from './index-evidence.ts';

/** The image of one platform, as it was verified by itself. */
export interface PlatformImage {
  readonly platform: PlatformName;
  /** Undefined where there is no image beside the evidence about it. */
  readonly image: FoundImage | undefined;
}

const file = evidenceNames.indexProvenance;

const provenanceOf = (platform: PlatformName): string =>
  `${platformFileName(platform)}/${evidenceNames.provenance}`;

/** Computes the statement anew from the images that were verified; mkbase's version is as claimed. */
async function expectedStatement(
  { folder, statement }: IndexEvidence,
  images: readonly PlatformImage[],
  index: ReturnType<typeof composeIndex>,
  signal: AbortSignal,
) {
  const stated = images.map(async ({ platform, image }) => {
    const name = provenanceOf(platform);
    const sha256 = (await hashFile(join(folder, name), signal)) ?? 'no such file';
    return {
      platform,
      manifestDigest: image?.manifestDigest ?? '',
      provenance: { name, sha256 },
    };
  });
  const { recipe, annotations } = parametersOf(statement);
  const asked = { recipe: text(recipe), annotations: texts(annotations) };
  const expected = indexStatement(asked, index, await Promise.all(stated));
  const { runDetails, ...predicate } = expected.predicate;
  const claimed = record(record(record(statement.predicate).runDetails).builder);
  const builder = { ...runDetails.builder, version: claimed.version };
  return { ...expected, predicate: { ...predicate, runDetails: { ...runDetails, builder } } };
}

/** Checks the signature over the provenance of an index. */
async function checkSignature(
  folder: string,
  [first, ...others]: readonly VerificationKey[],
): Promise<Check[]> {
  const what = `the signature of ${file}`;
  if (first !== undefined) {
    const { key, problems: mismatches } = await verifyIndexByOneOf(folder, [first, ...others]);
    return [{ what, extent: `key ${key.hint}`, mismatches, proves: 'signature' }];
  }
  if (!(await exists(join(folder, signedOfIndex[0].bundle)))) return [];
  return [{ what, mismatches: [], skipped: '--key names no public key to check it with' }];
}

/** Lists the platforms in a provenance that mkbase does not know, and those that stand there twice. */
function platformMismatches({ statement, platforms }: IndexEvidence): Mismatch[] {
  const claimed = list(parametersOf(statement).platforms).map(text);
  const found = differences(claimed, [...platforms], 'platforms');
  return found.map((each) => ({ file, ...each, from: 'the platforms that mkbase knows' }));
}

/** Lists the images that are for another platform than the one that they are listed for. */
const otherPlatforms = (images: readonly PlatformImage[]): Mismatch[] =>
  images.flatMap(({ platform, image }) => {
    const { os, architecture, variant } = image?.config ?? {};
    const from = `the config of the image in ${platformFileName(platform)}`;
    const claimed = { ...ociPlatform(platform) };
    return differences(
      claimed,
      { os, architecture, ...(variant !== undefined && { variant }) },
      platform,
    ).map((each) => ({ file, ...each, from }));
  });

/** An index as it was found: in layouts, or by itself in a registry. */
export interface FoundIndex {
  readonly places: readonly IndexPlace[];
  /** `sha256:<hex>`; undefined where it is in layouts only. */
  readonly digest?: string;
}

/** Checks an index that was found by itself against the one that is computed from the images. */
function checkDigest(claimed: string | undefined, computed: string): Check[] {
  if (claimed === undefined) return [];
  const mismatch = { file: 'the index', field: 'digest', claimed, computed };
  const mismatches = claimed === computed ? [] : [mismatch];
  return [{ what: 'the index against the images that it lists', mismatches, proves: 'image' }];
}

/**
 * Checks the evidence of an index, and each layout beside it that holds the index, against the images of its
 * platforms, which were verified by themselves before. Errors: IO.
 */
export async function checkIndex(
  evidence: IndexEvidence,
  images: readonly PlatformImage[],
  { places, digest }: FoundIndex,
  keys: readonly VerificationKey[],
  signal: AbortSignal,
): Promise<Check[]> {
  const { folder, statement } = evidence;
  const names = [file, ...evidence.platforms.map(provenanceOf)];
  const form = { what: `the form of ${file}`, mismatches: evidence.mismatches };
  const sums = await checkSums(folder, signal, names);
  const missing = images.filter(({ image }) => image?.manifestDigest === undefined);
  const signature = await checkSignature(folder, keys);
  const what = `${file} against the images of ${counted(images.length, 'platform')}`;
  if (missing.length > 0 || images.length === 0) {
    const absent = missing.map(({ platform }) => platform).join(', ') || 'any platform';
    const skipped = `there is no image of ${absent} beside the evidence`;
    return [form, sums, ...signature, { what, mismatches: [], skipped }];
  }
  const index = composeIndex(
    images.map(({ platform, image }) => ({
      platform,
      manifest: {
        mediaType: mediaTypes.manifest,
        digest: image?.manifestDigest ?? '',
        size: image?.manifestSize ?? 0,
      },
    })),
    texts(parametersOf(statement).annotations),
  );
  const expected = JSON.parse(
    JSON.stringify(await expectedStatement(evidence, images, index, signal)),
  );
  const mismatches = [
    ...platformMismatches(evidence),
    ...otherPlatforms(images),
    ...differences(statement, expected).map((each) => ({ file, ...each })),
  ];
  const archives: Check[] = [];
  for (const place of places) archives.push(await checkIndexArchive(place, index, signal));
  const own = checkDigest(digest, index.digest);
  return [form, sums, { what, mismatches }, ...own, ...archives, ...signature];
}
