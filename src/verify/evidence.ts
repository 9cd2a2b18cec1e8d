import { join } from 'node:path';
import type { JsonRecord } from '../base/json.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import type { PathRecord } from '../evidence/mtree/path-record.ts';
import type { Image } from '../image/image.ts';
import type { Lock } from '../lock/schema.ts';
import type { Store } from '../store/store.ts';
import { claimedAlone } from './claimed-alone.ts';
import { checkPresence, checkSums, exists, hashEvidence } from './evidence-files.ts';
import type { FoundImage } from './image/found-image.ts';
import { checkConfig } from './image-config.ts';
import { imageFromRecipe } from './image-from-recipe.ts';
import { readJsonFile } from './json-file.ts';
import { readLock } from './lock.ts';
import { checkProvenance, epochIn, recordedDigests, testsOf } from './provenance.ts';
import {
  checkAsked,
  type FindRecipe,
  type RecipeAtHand,
  recipeNotAtHand,
} from './recipe-at-hand.ts';
import type { InventoryFacts } from './recompute-inventory.ts';
import type { Check } from './report.ts';
import { checkRootfs, readMtree } from './rootfs.ts';
import { checkSboms, readSboms, type SbomFacts, type Sboms } from './sbom.ts';
import { checkSubjects } from './subjects.ts';
import { type ToldRecipe, toldRecipe, versionIn } from './told-recipe.ts';
import { checkTrust, claimedChain } from './trust.ts';
import { rootfsContents, type Scratch } from './unpacked-layer.ts';

/** A folder of evidence that was read, and the checks of its files against each other. */
export interface Evidence {
  readonly folder: string;
  readonly lock: Lock | undefined;
  readonly paths: readonly PathRecord[];
  /** True if rootfs.mtree could be read whole; it may list nothing. */
  readonly listsPaths: boolean;
  readonly provenance: JsonRecord | undefined;
  readonly sboms: Sboms | undefined;
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
  const { spdx, cyclonedx, texts } = sboms ?? {};
  const pinned = lock?.lock;
  const trust = pinned && (await read(evidenceNames.trust, (at) => checkTrust(at, pinned, signal)));
  const checks = [all, sums, lock?.check, mtree?.check, provenance?.check, sboms?.check, trust];
  return {
    folder,
    lock: pinned,
    paths: mtree?.paths ?? [],
    listsPaths: mtree?.check.mismatches.length === 0,
    provenance: provenance?.value,
    sboms: spdx && cyclonedx && texts && { spdx, cyclonedx, texts },
    checks: checks.filter((check) => check !== undefined),
  };
}

/** The things that evidence is checked with, besides the image. */
export interface EvidenceContext {
  /** May hold the locked inputs. */
  readonly store?: Store;
  readonly findRecipe?: FindRecipe;
  readonly scratch?: Scratch;
  readonly signal: AbortSignal;
}

/** The recipe that the evidence names, and the same on this machine or the reason why it is not there. */
interface Recipes {
  readonly told: ToldRecipe | undefined;
  readonly atHand: RecipeAtHand | undefined;
  readonly check: Check | undefined;
}

/** Reads the recipe in the provenance, and looks for it on this machine. */
async function recipesOf(
  { lock, provenance }: Evidence,
  { findRecipe }: EvidenceContext,
): Promise<Recipes> {
  const nothing = { told: undefined, atHand: undefined, check: undefined };
  if (lock === undefined || provenance === undefined) return nothing;
  const told = toldRecipe(provenance, lock.toolchain !== undefined);
  if (told === undefined) return { ...nothing, check: recipeNotAtHand('provenance.json has none') };
  const found = (await findRecipe?.(told, lock)) ?? 'nobody looked for it';
  if (typeof found === 'string') {
    return { told, atHand: undefined, check: recipeNotAtHand(found) };
  }
  return { told, atHand: found, check: checkAsked(lock, found) };
}

/** Returns what an inventory is taken from; undefined where rootfs or recipe is not at hand. */
async function inventoryFacts(
  { lock }: Evidence,
  { told, atHand }: Recipes,
  found: FoundImage,
  { store, scratch, signal }: EvidenceContext,
): Promise<InventoryFacts | undefined> {
  const recipe = atHand?.recipe ?? told?.recipe;
  if (recipe === undefined || lock === undefined || recipe.from.kind !== lock.from.kind) {
    return undefined;
  }
  const contents = await rootfsContents(found, scratch, signal);
  if (contents === undefined) return undefined;
  const filesBeside = atHand ? undefined : told?.filesBeside;
  return { recipe, filesBeside, lock, store, ...contents };
}

/** Returns the image that the bills of materials describe: the one that was found, else the recorded one. */
async function sbomFacts(
  evidence: Evidence,
  recipes: Recipes,
  found: FoundImage | undefined,
  image: Image | undefined,
  context: EvidenceContext,
): Promise<SbomFacts | undefined> {
  const { lock, paths, provenance } = evidence;
  if (lock === undefined || provenance === undefined) return undefined;
  const { told } = recipes;
  const both = {
    ...{ lock, epoch: epochIn(provenance, lock), version: versionIn(provenance) },
    hasCommands: told === undefined || told.recipe.run.length > 0,
  };
  if (image && found?.layer?.paths) {
    const digests = { manifest: image.manifest.digest, diffId: image.rootfs.diffId };
    const inventory = await inventoryFacts(evidence, recipes, found, context);
    return { ...both, ...digests, from: found.file, paths: found.layer.paths, inventory };
  }
  const { manifest, layer } = recordedDigests(provenance);
  if (!manifest || !layer) return undefined;
  const from = evidenceNames.mtree;
  return { ...both, manifest, diffId: layer, from, paths, inventory: undefined };
}

/** Reports a provenance that tells no recipe, platform and epoch of which an image could be made. */
const noRecipe = ({ file }: FoundImage): Check => ({
  what: `the config in ${file} against the recipe in ${evidenceNames.provenance}`,
  mismatches: [
    {
      file: evidenceNames.provenance,
      field: 'predicate.buildDefinition',
      claimed: 'no recipe of an image',
      computed: 'name and image settings of a recipe, a platform, and an epoch',
    },
  ],
});

/** Says that components were not computed, though there is an image. */
const notTakenAnew = (file: string): Check => ({
  what: `components and owners of paths against package databases in ${file}`,
  mismatches: [],
  skipped: 'its rootfs, or the recipe in provenance.json, could not be read',
});

/**
 * Checks evidence against the image that it describes, or against itself where there is no image:
 * rootfs.mtree path by path, the provenance field by field, the config against the one that the recipe in
 * the provenance makes, the bills of materials against an inventory that is taken anew.
 */
async function checkAgainst(
  evidence: Evidence,
  recipes: Recipes,
  found: FoundImage | undefined,
  context: EvidenceContext,
): Promise<Check[]> {
  const { folder, lock, paths, listsPaths, provenance, sboms } = evidence;
  const { signal } = context;
  const checks: Check[] = [];
  const computed = found?.layer?.paths;
  if (found && computed && (listsPaths || paths.length > 0)) {
    checks.push(checkRootfs(paths, computed, found.file));
  }
  if (provenance === undefined) return checks;
  const image = found && imageFromRecipe(provenance, found, lock);
  if (found?.layer && image === undefined) checks.push(noRecipe(found));
  const hashes = await hashEvidence(folder, lock, signal);
  const trust = await claimedChain(join(folder, evidenceNames.trust));
  const { atHand, told } = recipes;
  const tests = testsOf(provenance, told);
  const facts = { lock, trust, image, imageName: found?.file, evidence: hashes, atHand, tests };
  checks.push(checkProvenance(provenance, facts));
  if (found) checks.push(...checkSubjects(provenance, found));
  if (found?.config && found.layer) checks.push(checkConfig(found, image));
  const about = await sbomFacts(evidence, recipes, found, image, context);
  if (sboms === undefined || about === undefined) return checks;
  checks.push(...(await checkSboms(sboms, about, { emit: () => undefined, signal })));
  if (found && about.inventory === undefined) checks.push(notTakenAnew(found.file));
  return checks;
}

/** Checks evidence against each image that it describes, or against itself where there is none. */
export async function checkEvidence(
  evidence: Evidence,
  images: readonly FoundImage[],
  context: EvidenceContext,
): Promise<Check[]> {
  const recipes = await recipesOf(evidence, context);
  const checks: Check[] = recipes.check ? [recipes.check] : [];
  for (const found of images.length > 0 ? images : [undefined]) {
    checks.push(...(await checkAgainst(evidence, recipes, found, context)));
  }
  const { provenance, lock } = evidence;
  return [...checks, ...(provenance ? claimedAlone(provenance, lock) : [])];
}
