import type { Io } from '../base/events.ts';
import { packageVersion } from '../base/package-root.ts';
import type { Image } from '../image/image.ts';
import { lockText } from '../lock/lock-file.ts';
import { fileBytes } from '../tar/content.ts';
import type { Entry } from '../tar/entry.ts';
import { indexTar } from '../tar/read.ts';
import { evidenceNames } from './file-names.ts';
import { type Inventory, type InventoryInput, takeInventory } from './inventory/inventory.ts';
import { mtreeOf } from './mtree/mtree.ts';
import { type ReadMember, readPaths } from './mtree/read-paths.ts';
import { cyclonedxDocument } from './sbom/cyclonedx.ts';
import type { Subject } from './sbom/document.ts';
import { spdxDocument } from './sbom/spdx.ts';

/** Everything that is known of an image before its tests run. */
export interface Findings {
  readonly inventory: Inventory;
  /** Entries of the rootfs, their contents as ranges of its tar. */
  readonly entries: readonly Entry[];
  /** Contents of the files of evidence by name, in the order in which they are listed. */
  readonly files: ReadonlyMap<string, string>;
}

/** An image, and everything that it was made from. */
export interface EvidenceInput extends Omit<InventoryInput, 'entries'> {
  readonly image: Image;
}

function subjectOf({ image, recipe }: EvidenceInput): Subject {
  return {
    name: recipe.name,
    platform: image.platform,
    manifest: image.manifest.digest,
    diffId: image.rootfs.diffId,
    created: image.created,
    generator: packageVersion,
  };
}

/**
 * Reads the entries of a rootfs's tar, with their contents in that tar: a file beside the recipe may have
 * changed since its bytes were packed.
 */
function entriesIn(tar: string): Promise<Entry[]> {
  return indexTar(fileBytes(tar), tar, { source: tar });
}

/** Returns the digests that the inventory computed of the same tar, so that no file is hashed twice. */
function digestsIn({ files }: Inventory): ReadMember {
  const digests = new Map(files.map(({ path, digests }) => [path, digests?.sha256]));
  return async ({ entry: { type, path } }) => {
    const sha256 = type === 'file' ? digests.get(path) : '';
    if (sha256 === undefined) throw new Error('a file is not in the inventory');
    return sha256;
  };
}

/**
 * Finds every path of an image with its hash, and every component. Reads the rootfs's tar again, as a
 * verifier does. Errors: those of takeInventory and readPaths.
 */
export async function gatherEvidence(input: EvidenceInput, io: Io): Promise<Findings> {
  const { image, lock } = input;
  const { tar } = image.rootfs;
  const entries = await entriesIn(tar);
  const inventory = await takeInventory({ ...input, entries }, io);
  const paths = await readPaths(fileBytes(tar), tar, digestsIn(inventory));
  const subject = subjectOf(input);
  const files = new Map([
    [evidenceNames.lock, lockText(lock)],
    [evidenceNames.mtree, [...mtreeOf(paths)].join('')],
    [evidenceNames.spdx, spdxDocument(inventory, subject)],
    [evidenceNames.cyclonedx, cyclonedxDocument(inventory, subject)],
  ]);
  return { inventory, entries, files };
}
