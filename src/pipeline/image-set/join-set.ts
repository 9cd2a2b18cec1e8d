import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../base/canonical-json.ts';
import { ioError, MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import type { Invocation } from '../../base/invocation.ts';
import { platformFileName } from '../../base/platform.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import { indexStatement } from '../../evidence/index-statement.ts';
import { type FileSum, sumsText } from '../../evidence/sums.ts';
import { composeIndex, type IndexedImage } from '../../image/compose-index.ts';
import type { ImageOnDisk } from '../../image/image-on-disk.ts';
import type { ImageSet } from '../../image/image-set.ts';
import { readImage } from '../../image/read-image.ts';
import { parseReference } from '../../image/reference.ts';
import { mediaTypes } from '../../oci/blob.ts';
import type { PlacedOutput, StagedOutput } from '../../outputs/contract.ts';
import { outputOf } from '../../outputs/outputs.ts';
import { type Staged, stage } from '../../store/staging.ts';
import { writeNewFile } from '../../store/write-whole-file.ts';
import type { BuildResult } from '../request.ts';
import { deliverSet } from './deliver-set.ts';
import { listedManifest } from './listed-manifest.ts';
import { rememberedSet, rememberSet } from './remember-set.ts';
import type { SetPlan, SetResult } from './request.ts';

/** Reads the image that the build of one platform left. IMAGE_MISMATCH when it is another one by now. */
async function imageOf(result: BuildResult, plan: SetPlan, io: Io): Promise<ImageOnDisk> {
  const { platform, outputs } = result;
  const manifestDigest = listedManifest(result, plan);
  const placed = outputs.find((each) => outputOf(each).stageSet !== undefined);
  if (placed === undefined) {
    throw new MkbaseError({ code: 'INTERNAL', message: `${platform} left no archive.` });
  }
  const image = await readImage(placed.dest, io, platform);
  if (image.manifestDigest === manifestDigest) return image;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `${placed.dest} holds ${image.manifestDigest}; the build made ${manifestDigest}.`,
    hint: 'Something changed the file after it was written; run the same command again.',
  });
}

const indexed = ({ platform, manifest: { sha256: digest, size } }: ImageOnDisk): IndexedImage => ({
  platform,
  manifest: { mediaType: mediaTypes.manifest, digest, size },
});

async function setOf(plan: SetPlan, results: readonly BuildResult[], io: Io): Promise<ImageSet> {
  const images: ImageOnDisk[] = [];
  for (const result of results) images.push(await imageOf(result, plan, io));
  return { index: composeIndex(images.map(indexed), plan.annotations), images };
}

/** Returns the sum of the provenance of one platform's image. Errors: IO. */
async function provenanceSum({ platform, outDir }: BuildResult): Promise<FileSum> {
  const name = evidenceNames.provenance;
  const file = join(outDir, name);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw ioError(error, 'reading', file);
  });
  return { name: `${platformFileName(platform)}/${name}`, sha256: sha256OfBytes(bytes) };
}

/**
 * Stages the evidence about an index: its provenance, and the sums of it and of each platform's provenance,
 * which has the digests of all other evidence about that image.
 */
async function stageIndexEvidence(
  { recipe, outDir, annotations, compression }: SetPlan,
  { index }: ImageSet,
  results: readonly BuildResult[],
  io: Io,
): Promise<Staged[]> {
  const reading = results.map(async (result) => ({
    platform: result.platform,
    manifestDigest: listedManifest(result, { compression }),
    provenance: await provenanceSum(result),
  }));
  const images = await Promise.all(reading);
  const text = canonicalJson(indexStatement({ recipe, annotations }, index, images));
  const own = { name: evidenceNames.indexProvenance, sha256: sha256OfBytes(text) };
  const texts = [
    [evidenceNames.indexProvenance, text],
    [evidenceNames.sums, sumsText([own, ...images.map(({ provenance }) => provenance)])],
  ] as const;
  const staged: Staged[] = [];
  for (const [name, content] of texts) {
    const fill = (path: string) => writeNewFile(path, [Buffer.from(content)], io.signal);
    staged.push(await stage(join(outDir, name), 'file', fill));
  }
  return staged;
}

/** Writes the outputs that hold all platforms and the evidence about the index; all of it appears together. */
async function writeSet(
  plan: SetPlan,
  set: ImageSet,
  results: readonly BuildResult[],
  { env }: Invocation,
  io: Io,
): Promise<PlacedOutput[]> {
  const { outDir, tags } = plan;
  const target = { outDir, references: tags.map(parseReference), store: undefined, env };
  const outputs: StagedOutput[] = [];
  const waiting: Pick<Staged, 'commit' | 'discard'>[] = [];
  try {
    for (const request of plan.outputs) {
      const staged = await outputOf(request).stageSet?.(set, request, target, io);
      if (staged === undefined) continue;
      outputs.push(staged);
      waiting.push(staged);
    }
    waiting.push(...(await stageIndexEvidence(plan, set, results, io)));
    for (const each of [...waiting]) {
      await each.commit();
      waiting.shift();
    }
  } finally {
    for (const each of waiting) await each.discard();
  }
  return outputs.map(({ output }) => output);
}

/** Puts the images of several platforms under one index, and remembers what came of it. */
async function joined(
  plan: SetPlan,
  results: readonly BuildResult[],
  invocation: Invocation,
  io: Io,
): Promise<SetResult> {
  const set = await setOf(plan, results, io);
  const outputs = await writeSet(plan, set, results, invocation, io);
  const { recipe, outDir, tags } = plan;
  const indexDigest = set.index.digest;
  return { recipe, indexDigest, platforms: results, tags, outputs, outDir, cached: false };
}

/**
 * Puts the images of several platforms under one index, or finds that this was done: writes the outputs that
 * hold them all and the evidence about the index, has that signed by `vouch`, and then delivers what goes beyond
 * this machine. When a step fails, nothing appears. Errors: IMAGE_MISMATCH, USAGE, IO, NO_SPACE, and those of the
 * outputs; nothing is signed where `vouch` is left out.
 */
export async function joinSet(
  plan: SetPlan,
  results: readonly BuildResult[],
  vouch: ((outDir: string) => Promise<void>) | undefined,
  invocation: Invocation,
  io: Io,
): Promise<SetResult> {
  const found = await rememberedSet(plan, results, invocation, io);
  const result = found ?? (await joined(plan, results, invocation, io));
  await vouch?.(plan.outDir);
  if (found === undefined || vouch) await rememberSet(plan, result, invocation, io);
  await deliverSet(plan, result, invocation, io);
  return result;
}
