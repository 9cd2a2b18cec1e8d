import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from '../../base/canonical-json.ts';
import type { Io } from '../../base/events.ts';
import type { Invocation } from '../../base/invocation.ts';
import { packageVersion } from '../../base/package-root.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import { areCurrent, outputOf } from '../../outputs/outputs.ts';
import { cacheFolder } from '../../store/cache-folder.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { writeWholeFile } from '../../store/write-whole-file.ts';
import { changedSince, type Fingerprints, fingerprintsOf } from '../build-cache.ts';
import type { BuildResult } from '../request.ts';
import type { SetPlan, SetResult } from './request.ts';

/** The record that is left of images that were put under one index. */
interface SetRecord {
  /** Of the outputs that are files or folders, and of the evidence. */
  readonly fingerprints: Fingerprints;
  readonly result: Pick<SetResult, 'indexDigest' | 'outputs'>;
}

function recordFile(
  { recipe, outDir, outputs, tags, annotations }: SetPlan,
  platforms: readonly BuildResult[],
  { env }: Invocation,
): string {
  const images = platforms.map(({ platform, manifestDigest }) => [platform, manifestDigest]);
  const key = { recipe, outDir, outputs, tags, annotations, images, version: packageVersion };
  return join(cacheFolder(env), 'builds', `${digestOf(key)}.json`);
}

/** Reads a record; undefined if there is none or it is damaged, and then the index is made again. */
async function readRecord(file: string): Promise<SetRecord | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<SetRecord> | null;
    return value?.fingerprints && value.result ? (value as SetRecord) : undefined;
  } catch {
    return undefined;
  }
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
  const record = await readRecord(recordFile(plan, platforms, invocation));
  if (record === undefined || (await changedSince(record.fingerprints)).length > 0)
    return undefined;
  const { outputs } = record.result;
  const isTrue = async () => true;
  const { env } = invocation;
  if (!(await areCurrent(outputs, { isUnchanged: isTrue, isStored: isTrue, env, io })))
    return undefined;
  const { recipe, outDir, tags } = plan;
  return { ...record.result, recipe, outDir, tags, platforms, cached: true };
}

/** Remembers an index that was made. Errors: IO, NO_SPACE. */
export async function rememberSet(
  plan: SetPlan,
  { indexDigest, outputs, platforms }: SetResult,
  invocation: Invocation,
): Promise<void> {
  const files = outputs.filter((output) => outputOf(output).place === 'file');
  const evidence = [evidenceNames.indexProvenance, evidenceNames.sums];
  const paths = [
    ...files.map(({ dest }) => dest),
    ...evidence.map((each) => join(plan.outDir, each)),
  ];
  const record: SetRecord = {
    fingerprints: await fingerprintsOf(paths),
    result: { indexDigest, outputs },
  };
  const file = recordFile(plan, platforms, invocation);
  await makeFolder(dirname(file));
  await writeWholeFile(file, JSON.stringify(record));
}
