import { join } from 'node:path';
import { type ByteString, fromLosslessText } from '../base/byte-string.ts';
import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { type JsonRecord, text } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import type { Inventory } from '../evidence/inventory/inventory.ts';
import type { PathRecord } from '../evidence/mtree/path-record.ts';
import { cyclonedxDocument } from '../evidence/sbom/cyclonedx.ts';
import type { Subject } from '../evidence/sbom/document.ts';
import { spdxDocument } from '../evidence/sbom/spdx.ts';
import type { Lock } from '../lock/schema.ts';
import { inventoryFromSboms } from './inventory-from-sbom.ts';
import { readJsonFile } from './json-file.ts';
import { missingComponents, pinnedComponents } from './pinned-components.ts';
import { type InventoryFacts, type Recomputed, recomputeInventory } from './recompute-inventory.ts';
import { type Check, counted, type Mismatch } from './report.ts';

const { spdx: spdxFile, cyclonedx: cyclonedxFile, lock: lockFile } = evidenceNames;

/** Both bills of materials, as they were read. */
export interface Sboms {
  readonly spdx: JsonRecord;
  readonly cyclonedx: JsonRecord;
  /** The bytes of the files, decoded. */
  readonly texts: { readonly spdx: string; readonly cyclonedx: string };
}

/** Reads both bills of materials of a folder, as far as they can be read. */
export async function readSboms(folder: string) {
  const spdx = await readJsonFile(join(folder, spdxFile), spdxFile);
  const cyclonedx = await readJsonFile(join(folder, cyclonedxFile), cyclonedxFile);
  const what = `the form of ${spdxFile} and ${cyclonedxFile}`;
  const mismatches = [...spdx.mismatches, ...cyclonedx.mismatches];
  const texts = { spdx: spdx.text, cyclonedx: cyclonedx.text };
  return { spdx: spdx.value, cyclonedx: cyclonedx.value, texts, check: { what, mismatches } };
}

/** The lock, image and rootfs that the bills of materials are checked against. */
export interface SbomFacts {
  readonly lock: Lock;
  /** The image's epoch, seconds since 1970. */
  readonly epoch: number;
  /** `sha256:<hex>` of the image's manifest and of its layer. */
  readonly manifest: string;
  readonly diffId: string;
  /** The file that holds the rootfs, for messages. */
  readonly from: string;
  readonly paths: readonly PathRecord[];
  /** True if the recipe has commands, which may have removed packages. */
  readonly hasCommands: boolean;
  /** The version of mkbase that wrote the evidence. */
  readonly version: string;
  /** The rootfs with its contents and its sources; undefined where only its paths are at hand. */
  readonly inventory: InventoryFacts | undefined;
}

/** Returns the sha1s that an SPDX document claims, by file name. */
function claimedSha1s(spdx: JsonRecord): Map<string, string> {
  const files = Array.isArray(spdx.files) ? spdx.files : [];
  return new Map(
    files.map((file: { fileName?: unknown; checksums?: { checksumValue?: unknown }[] }) => [
      fromLosslessText(text(file?.fileName).replace(/^\.\//, '')),
      text(file?.checksums?.[0]?.checksumValue),
    ]),
  );
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Puts the claimed id of a document into a computed one, where parts of the inventory are the claim's: the
 * id is computed from an inventory, which a document does not hold in full.
 */
function withIdOf(claimed: unknown, computed: unknown): unknown {
  const [id] = uuid.exec(text(claimed)) ?? [];
  return id === undefined ? computed : text(computed).replace(uuid, id);
}

const subjectOf = ({ lock, epoch, manifest, diffId, version }: SbomFacts): Subject => ({
  name: lock.recipe,
  platform: lock.platform,
  manifest,
  diffId,
  created: epoch,
  generator: version,
});

/** A document as it was read, and as it was written anew. */
interface Pair {
  readonly file: string;
  readonly text: string;
  readonly value: JsonRecord;
  readonly computed: string;
  /** The field with the document's id. */
  readonly id: string;
}

/** Compares a document with the one that was written anew: their texts first, for most are the same. */
function comparePair({ file, text, value, computed, id }: Pair, whole: boolean, from: string) {
  if (text === computed) return [];
  const expected = JSON.parse(computed) as JsonRecord;
  const known = whole ? expected : { ...expected, [id]: withIdOf(value[id], expected[id]) };
  return differences(value, known).map((each): Mismatch => ({ file, ...each, from }));
}

/** Writes both documents anew and compares them with those that are there. */
function compare(
  { spdx, cyclonedx, texts }: Sboms,
  { inventory, whole }: Omit<Recomputed, 'limits'>,
  facts: SbomFacts,
): Mismatch[] {
  const subject = subjectOf(facts);
  const from = `${lockFile}, ${facts.from}`;
  const pairs: Pair[] = [
    {
      ...{ file: cyclonedxFile, text: texts.cyclonedx, value: cyclonedx, id: 'serialNumber' },
      computed: cyclonedxDocument(inventory, subject).toString(),
    },
    {
      ...{ file: spdxFile, text: texts.spdx, value: spdx, id: 'documentNamespace' },
      computed: spdxDocument(inventory, subject).toString(),
    },
  ];
  return pairs.flatMap((each) => comparePair(each, whole, from));
}

/** Takes the inventory anew; a rootfs of which none can be taken is a mismatch. */
async function recomputed(
  told: Inventory,
  { inventory: facts, from }: SbomFacts,
  io: Io,
): Promise<Recomputed | Mismatch | undefined> {
  if (facts === undefined) return undefined;
  try {
    return await recomputeInventory(told, facts, io);
  } catch (error) {
    const isDisk = error instanceof MkbaseError && /^(?:IO|NO_SPACE|INTERRUPTED)$/.test(error.code);
    if (isDisk || io.signal.aborted || !(error instanceof Error)) throw error;
    const field = 'the inventory';
    return { file: from, field, claimed: 'one that can be taken', computed: error.message };
  }
}

/** Returns the claimed inventory with what the lock pins of it, where only paths are at hand. */
function toldOnly(told: Inventory, lock: Lock): Recomputed {
  const components = pinnedComponents(told.components, lock);
  return { inventory: { ...told, components }, whole: false, limits: [] };
}

/**
 * Checks both bills of materials: takes the inventory of the rootfs anew and writes both again from it.
 * Where only the paths of the rootfs are at hand, components are those of CycloneDX, with what the lock
 * pins of them.
 */
export async function checkSboms(sboms: Sboms, facts: SbomFacts, io: Io): Promise<Check[]> {
  const { spdx, cyclonedx } = sboms;
  const { lock, paths, from } = facts;
  const sha1s = claimedSha1s(spdx);
  const sha1Of = (path: ByteString) => sha1s.get(path) ?? '';
  const told = inventoryFromSboms({ cyclonedx, spdx, paths, sha1Of });
  const what = `${spdxFile} and ${cyclonedxFile} against ${lockFile}, ${from} and each other`;
  const found = await recomputed(told, facts, io);
  if (found !== undefined && 'field' in found) return [{ what, mismatches: [found] }];
  const { limits, ...expected } = found ?? toldOnly(told, lock);
  const listed = expected.inventory.components;
  const missing = facts.hasCommands
    ? []
    : missingComponents(listed, lock, found ? from : cyclonedxFile);
  const mismatches = [...missing, ...compare(sboms, expected, facts)];
  const extent = counted(listed.length, 'component');
  return [{ what, extent, mismatches }, ...limits];
}
