import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import type { Invocation } from '../../base/invocation.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import { areCurrent } from '../../outputs/outputs.ts';
import {
  changedSince,
  fingerprintsOf,
  outputFingerprints,
  unchangedSince,
} from '../build-cache.ts';
import { readRecord, recordFile, writeRecord } from '../build-record.ts';
import type { BuildResult } from '../request.ts';
import { listedManifest } from './listed-manifest.ts';
import type { SetPlan, SetResult } from './request.ts';

/** The part of a result that is not told by the plan and the builds of the platforms. */
type Remembered = Pick<SetResult, 'indexDigest' | 'outputs'>;

/** Returns the file that holds the record of an index. */
function fileOf(
  { recipe, outDir, outputs, compression, tags, annotations }: SetPlan,
  platforms: readonly BuildResult[],
  invocation: Invocation,
): string {
  const images = platforms.map((result) => [
    result.platform,
    listedManifest(result, { compression }),
  ]);
  return recordFile({ recipe, outDir, outputs, tags, annotations, images }, invocation);
}

/**
 * Returns the index that was made of the same images for the same plan, if none of its outputs and evidence has
 * changed since. Errors: those of asking the outputs.
 */
export async function rememberedSet(
  plan: SetPlan,
  platforms: readonly BuildResult[],
  invocation: Invocation,
  io: Io,
): Promise<SetResult | undefined> {
  if (!platforms.every(({ cached }) => cached)) return undefined;
  const record = await readRecord<Remembered>(fileOf(plan, platforms, invocation));
  if (record === undefined || (await changedSince(record.fingerprints)).length > 0)
    return undefined;
  const { env } = invocation;
  // No output that holds several platforms is in an engine's store.
  const isStored = async () => true;
  const earlier = { isUnchanged: unchangedSince(record.outputs), isStored, env, io };
  if (!(await areCurrent(record.result.outputs, earlier))) return undefined;
  const { recipe, outDir, tags } = plan;
  return { ...record.result, recipe, outDir, tags, platforms, cached: true };
}

/** Remembers an index that was made. */
export async function rememberSet(
  plan: SetPlan,
  { indexDigest, outputs: placed, platforms }: SetResult,
  invocation: Invocation,
  io: Io,
): Promise<void> {
  const evidence = [evidenceNames.indexProvenance, evidenceNames.sums];
  const fingerprints = await fingerprintsOf(evidence.map((each) => join(plan.outDir, each)));
  const outputs = await outputFingerprints(placed);
  const result: Remembered = { indexDigest, outputs: placed };
  await writeRecord(fileOf(plan, platforms, invocation), { fingerprints, outputs, result }, io);
}
