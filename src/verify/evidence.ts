import { join } from 'node:path';
import type { JsonRecord } from '../base/json.ts';
import { evidenceNames } from '../evidence/evidence.ts';
import type { PathRecord } from '../evidence/mtree/path-record.ts';
import type { Image } from '../image/image.ts';
import type { Lock } from '../lock/locked.ts';
import { type Check, counted, type Mismatch } from './check.ts';
import { exists, hashEvidence, listedFiles } from './evidence-files.ts';
import type { FoundImage } from './found-image.ts';
import { checkConfig } from './image-config.ts';
import { intendedImage } from './intended-image.ts';
import { readJsonFile } from './json-part.ts';
import { layerEntries } from './layer-entries.ts';
import { readLock } from './lock.ts';
import { checkProvenance, epochIn, recordedDigests } from './provenance.ts';
import { checkRootfs, readMtree } from './rootfs.ts';
import { checkSboms, readSboms, type SbomFacts } from './sbom.ts';
import { checkSums } from './sums.ts';
import { checkTrust } from './trust.ts';

/** A folder of evidence, read and held against itself. */
export interface Evidence {
  readonly folder: string;
  readonly lock: Lock | undefined;
  readonly paths: readonly PathRecord[];
  readonly provenance: JsonRecord | undefined;
  readonly sboms: { readonly spdx: JsonRecord; readonly cyclonedx: JsonRecord } | undefined;
  readonly checks: readonly Check[];
}

async function missingFiles(folder: string): Promise<Check> {
  const mismatches: Mismatch[] = [];
  for (const file of [...listedFiles, evidenceNames.sums]) {
    if (await exists(join(folder, file))) continue;
    mismatches.push({
      file,
      field: '',
      claimed: 'nothing',
      computed: 'a file that a build writes',
    });
  }
  const extent = counted(listedFiles.length + 1 - mismatches.length, 'file');
  return { what: 'the evidence is all there', extent, mismatches };
}

async function readProvenance(path: string) {
  const file = evidenceNames.provenance;
  const { value, mismatches } = await readJsonFile(path, file);
  return { value, check: { what: `the form of ${file}`, mismatches } };
}

/** Reads what a build left in its output folder; a file that is missing or damaged is told and left out. */
export async function readEvidenceFolder(folder: string, signal: AbortSignal): Promise<Evidence> {
  /** Reads a file where it is there: that it is not is told already. */
  const read = async <T>(name: string, reader: (path: string) => Promise<T>) => {
    const path = join(folder, name);
    return (await exists(path)) ? reader(path) : undefined;
  };
  const all = await missingFiles(folder);
  const sums = await read(evidenceNames.sums, () => checkSums(folder, listedFiles, signal));
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

/** What the bills of materials are about: the image that was found, else the one that is recorded. */
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
 * Holds evidence against the image that it is about, or where there is none against itself: rootfs.mtree
 * path by path, the provenance field by field, the config as the recipe in the provenance makes it, the
 * bills of materials against lock and rootfs.
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
  const image = found && intendedImage(provenance, found);
  const hashes = await hashEvidence(folder, lock, signal);
  const facts = { lock, image, imageName: found?.file, evidence: hashes };
  checks.push(checkProvenance(provenance, facts));
  if (image && found.config) checks.push(checkConfig(found, image));
  const about = await sbomFacts(evidence, found, image, signal);
  if (sboms && about) checks.push(await checkSboms(sboms, about));
  return checks;
}
