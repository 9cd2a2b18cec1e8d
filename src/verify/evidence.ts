import { join } from 'node:path';
import type { JsonRecord } from '../base/json.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import type { PathRecord } from '../evidence/mtree/path-record.ts';
import type { Image } from '../image/image.ts';
import type { Lock } from '../lock/schema.ts';
import { checkPresence, checkSums, exists, hashEvidence } from './evidence-files.ts';
import type { FoundImage } from './image/found-image.ts';
import { layerEntries } from './image/layer.ts';
import { checkConfig, imageFromRecipe } from './image-from-recipe.ts';
import { readJsonFile } from './json-file.ts';
import { readLock } from './lock.ts';
import { checkProvenance, epochIn, recordedDigests } from './provenance.ts';
import type { Check } from './report.ts';
import { checkRootfs, readMtree } from './rootfs.ts';
import { checkSboms, readSboms, type SbomFacts } from './sbom.ts';
import { checkTrust, claimedChain } from './trust.ts';

/** A folder of evidence that was read, and the checks of its files against each other. */
export interface Evidence {
  readonly folder: string;
  readonly lock: Lock | undefined;
  readonly paths: readonly PathRecord[];
  readonly provenance: JsonRecord | undefined;
  readonly sboms: { readonly spdx: JsonRecord; readonly cyclonedx: JsonRecord } | undefined;
  readonly checks: readonly Check[];
}

async function readProvenance(path: string) {
  const file = evidenceNames.provenance;
  const { value, mismatches } = await readJsonFile(path, file);
  return { value, check: { what: `the form of ${file}`, mismatches } };
}

/**
 * Reads the evidence in the output folder of a build. A file that is missing or damaged is a mismatch and
 * is left out.
 */
export async function readEvidenceFolder(folder: string, signal: AbortSignal): Promise<Evidence> {
  /** Reads a file if it is there; `checkPresence` reports it if it is not. */
  const read = async <T>(name: string, reader: (path: string) => Promise<T>) => {
    const path = join(folder, name);
    return (await exists(path)) ? reader(path) : undefined;
  };
  const all = await checkPresence(folder);
  const sums = await read(evidenceNames.sums, () => checkSums(folder, signal));
  const lock = await read(evidenceNames.lock, readLock);
  const mtree = await read(evidenceNames.mtree, readMtree);
  const provenance = await read(evidenceNames.provenance, readProvenance);
  const hasBoth = await exists(join(folder, evidenceNames.cyclonedx));
  const sboms = hasBoth ? await read(evidenceNames.spdx, () => readSboms(folder)) : undefined;
  const { spdx, cyclonedx } = sboms ?? {};
  const pinned = lock?.lock;
  const trust = pinned && (await read(evidenceNames.trust, (at) => checkTrust(at, pinned, signal)));
  const checks = [all, sums, lock?.check, mtree?.check, provenance?.check, sboms?.check, trust];
  return {
    folder,
    lock: pinned,
    paths: mtree?.paths ?? [],
    provenance: provenance?.value,
    sboms: spdx && cyclonedx && { spdx, cyclonedx },
    checks: checks.filter((check) => check !== undefined),
  };
}

/** Returns the image that the bills of materials describe: the one that was found, else the recorded one. */
async function sbomFacts(
  { lock, paths, provenance }: Evidence,
  found: FoundImage | undefined,
  image: Image | undefined,
  signal: AbortSignal,
): Promise<SbomFacts | undefined> {
  if (lock === undefined) return undefined;
  const epoch = epochIn(provenance, lock);
  if (image && found?.layer?.paths) {
    const { layer, file: from } = found;
    const digests = { manifest: image.manifest.digest, diffId: image.rootfs.diffId };
    const entries = await layerEntries(layer, from, signal);
    return { lock, epoch, ...digests, from, paths: found.layer.paths, entries };
  }
  const { manifest, layer } = recordedDigests(provenance);
  if (!manifest || !layer) return undefined;
  const from = evidenceNames.mtree;
  return { lock, epoch, manifest, diffId: layer, from, paths, entries: undefined };
}

/**
 * Checks evidence against the image that it describes, or against itself where there is no image:
 * rootfs.mtree path by path, the provenance field by field, the config against the one that the recipe in
 * the provenance makes, the bills of materials against lock and rootfs.
 */
export async function checkEvidence(
  evidence: Evidence,
  found: FoundImage | undefined,
  signal: AbortSignal,
): Promise<Check[]> {
  const { folder, lock, paths, provenance, sboms } = evidence;
  const checks: Check[] = [];
  const computed = found?.layer?.paths;
  if (found && computed && paths.length > 0) checks.push(checkRootfs(paths, computed, found.file));
  if (provenance === undefined) return checks;
  const image = found && imageFromRecipe(provenance, found);
  const hashes = await hashEvidence(folder, lock, signal);
  const trust = await claimedChain(join(folder, evidenceNames.trust));
  const facts = { lock, trust, image, imageName: found?.file, evidence: hashes };
  checks.push(checkProvenance(provenance, facts));
  if (image && found.config) checks.push(checkConfig(found, image));
  const about = await sbomFacts(evidence, found, image, signal);
  if (sboms && about) checks.push(await checkSboms(sboms, about));
  return checks;
}
