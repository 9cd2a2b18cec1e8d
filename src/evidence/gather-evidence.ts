import type { Io } from '../base/events.ts';
import { packageVersion } from '../base/package-root.ts';
import type { Image } from '../image/image.ts';
import { lockText } from '../lock/lock-file.ts';
import { passingBytesOf } from '../oci/archive-files.ts';
import type { Entry } from '../tar/entry.ts';
import { evidenceNames } from './file-names.ts';
import { contentsReader } from './inventory/contents.ts';
import { type Inventory, type InventoryInput, takeInventory } from './inventory/inventory.ts';
import { mtreeOf } from './mtree/mtree.ts';
import { readPaths } from './mtree/read-paths.ts';
import { cyclonedxDocument } from './sbom/cyclonedx.ts';
import type { Subject } from './sbom/document.ts';
import { spdxDocument } from './sbom/spdx.ts';

/** Everything that is known of an image before its tests run. */
export interface Findings {
  readonly inventory: Inventory;
  /** Entries of the rootfs, their contents as ranges of its tar. */
  readonly entries: readonly Entry[];
  /** Contents of the files of evidence by name, in the order in which they are listed. */
  readonly files: ReadonlyMap<string, Buffer>;
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
 * Finds every path of an image with its hash, and every component. Reads the rootfs's tar as a verifier does,
 * and each byte of it once; no file beside the recipe is read again, since it may have changed since its
 * bytes were packed. Errors: those of takeInventory and readPaths.
 */
export async function gatherEvidence(input: EvidenceInput, io: Io): Promise<Findings> {
  const { image, lock } = input;
  const { tar, size } = image.rootfs;
  const { contents, read } = contentsReader({ file: tar, offset: 0 });
  const paths = await readPaths(
    passingBytesOf({ file: tar, offset: 0, size }, io.signal),
    tar,
    read,
  );
  const { entries, digests } = contents;
  const inventory = await takeInventory({ ...input, entries, digests }, io);
  const subject = subjectOf(input);
  const files = new Map([
    [evidenceNames.lock, Buffer.from(lockText(lock))],
    [evidenceNames.mtree, Buffer.from([...mtreeOf(paths)].join(''))],
    [evidenceNames.spdx, spdxDocument(inventory, subject)],
    [evidenceNames.cyclonedx, cyclonedxDocument(inventory, subject)],
  ]);
  return { inventory, entries, files };
}
