import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ByteString, fromLosslessText } from '../base/byte-string.ts';
import { type JsonRecord, text } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import type { Inventory } from '../evidence/inventory/inventory.ts';
import type { PathRecord } from '../evidence/mtree/path-record.ts';
import { cyclonedxDocument } from '../evidence/sbom/cyclonedx.ts';
import { spdxDocument } from '../evidence/sbom/spdx.ts';
import type { Component } from '../kinds/component.ts';
import { inputSets } from '../lock/inputs.ts';
import type { Lock } from '../lock/schema.ts';
import { families } from '../packages/registry.ts';
import { contentReader } from '../tar/content.ts';
import type { Entry } from '../tar/entry.ts';
import { inventoryFromSboms } from './inventory-from-sbom.ts';
import { readJsonFile } from './json-file.ts';
import { type Check, counted, type Mismatch } from './report.ts';

const { spdx: spdxFile, cyclonedx: cyclonedxFile } = evidenceNames;

/** Reads both bills of materials of a folder, as far as they can be read. */
export async function readSboms(folder: string) {
  const spdx = await readJsonFile(join(folder, spdxFile), spdxFile);
  const cyclonedx = await readJsonFile(join(folder, cyclonedxFile), cyclonedxFile);
  const what = `the form of ${spdxFile} and ${cyclonedxFile}`;
  const mismatches = [...spdx.mismatches, ...cyclonedx.mismatches];
  return { spdx: spdx.value, cyclonedx: cyclonedx.value, check: { what, mismatches } };
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
  /** The rootfs with its contents, where they are at hand. */
  readonly entries: readonly Entry[] | undefined;
}

const pieceSize = 1024 * 1024;

/** Returns the sha1 of every file, further names of a file included. */
async function sha1s(entries: readonly Entry[]): Promise<Map<ByteString, string>> {
  const hashes = new Map<ByteString, string>();
  const reader = contentReader();
  const memory = Buffer.alloc(pieceSize);
  try {
    for (const entry of entries) {
      if (entry.type === 'hardlink') hashes.set(entry.path, hashes.get(entry.target) ?? '');
      if (entry.type !== 'file') continue;
      const hash = createHash('sha1');
      for (let done = 0; done < entry.size; done += pieceSize) {
        const piece = memory.subarray(0, entry.size - done);
        await reader.fill(entry.content, done, piece);
        hash.update(piece);
      }
      hashes.set(entry.path, hash.digest('hex'));
    }
    return hashes;
  } finally {
    reader.close();
  }
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

const isPackage = ({ kind }: Component) => families.some(({ name }) => name === kind);

/** Returns a component with version, hash and URL as the lock pins them, where it does. */
function pinned(component: Component, lock: Lock): Component {
  // A builder may have the image's packages from another mirror.
  const sets = component.linked.length > 0 ? inputSets(lock).reverse() : inputSets(lock);
  const inputs = sets.flatMap((set) => set.inputs);
  if (!isPackage(component)) {
    const file = inputs.find(({ sha256 }) => sha256 === component.sha256);
    return file === undefined ? component : { ...component, url: file.url };
  }
  const named = inputs.filter(
    ({ family, name }) => family === component.kind && name === component.name,
  );
  const pin = named.find(({ version }) => version === component.version) ?? named[0];
  if (pin?.version === undefined) return component;
  const { version, sha256, url } = pin;
  return { ...component, version, ...(component.sha256 !== undefined && { sha256, url }) };
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Puts the claimed id of a document into a computed one: the id is computed from an inventory, which a
 * document does not hold in full.
 */
function withIdOf(claimed: unknown, computed: unknown): unknown {
  const [id] = uuid.exec(text(claimed)) ?? [];
  return id === undefined ? computed : text(computed).replace(uuid, id);
}

function generatorOf(cyclonedx: JsonRecord): string {
  const { tools } = (cyclonedx.metadata ?? {}) as {
    tools?: { components?: { version?: unknown }[] };
  };
  return text(tools?.components?.[0]?.version);
}

function documents(inventory: Inventory, cyclonedx: JsonRecord, facts: SbomFacts) {
  const { lock, epoch, manifest, diffId } = facts;
  const subject = {
    name: lock.recipe,
    platform: lock.platform,
    manifest,
    diffId,
    created: epoch,
    generator: generatorOf(cyclonedx),
  };
  return {
    spdx: JSON.parse(spdxDocument(inventory, subject)) as JsonRecord,
    cyclonedx: JSON.parse(cyclonedxDocument(inventory, subject)) as JsonRecord,
  };
}

/**
 * Checks both bills of materials against the lock, the rootfs and each other: writes them again with the
 * components of CycloneDX, the versions of the lock and the files of the rootfs.
 */
export async function checkSboms(
  { spdx, cyclonedx }: { readonly spdx: JsonRecord; readonly cyclonedx: JsonRecord },
  facts: SbomFacts,
): Promise<Check> {
  const { lock, paths, entries, from } = facts;
  const hashes = entries ? await sha1s(entries) : claimedSha1s(spdx);
  const sha1Of = (path: ByteString) => hashes.get(path) ?? '';
  const told = inventoryFromSboms({ cyclonedx, spdx, paths, sha1Of });
  const components = told.components.map((each) => pinned(each, lock));
  const expected = documents({ ...told, components }, cyclonedx, facts);
  const namespace = withIdOf(spdx.documentNamespace, expected.spdx.documentNamespace);
  const serialNumber = withIdOf(cyclonedx.serialNumber, expected.cyclonedx.serialNumber);
  const mismatches: Mismatch[] = [
    ...differences(cyclonedx, { ...expected.cyclonedx, serialNumber }).map((each) => ({
      file: cyclonedxFile,
      ...each,
      from: `lock.json, ${from}`,
    })),
    ...differences(spdx, { ...expected.spdx, documentNamespace: namespace }).map((each) => ({
      file: spdxFile,
      ...each,
      from: `${cyclonedxFile}, lock.json, ${from}`,
    })),
  ];
  const what = `${spdxFile} and ${cyclonedxFile} against lock.json, ${from} and each other`;
  return { what, extent: counted(components.length, 'component'), mismatches };
}
