import { createHash } from 'node:crypto';
import type { Inventory } from '../inventory/inventory.ts';
import type { Subject } from './subject.ts';

/** Returns the sha256 of everything in an inventory, 64 hexadecimal digits. */
function inventoryDigest({ distro, components, files, unattributed }: Inventory): string {
  const hash = createHash('sha256').update(JSON.stringify(distro ?? null));
  for (const each of [...components, ...files, ...unattributed]) hash.update(JSON.stringify(each));
  return hash.digest('hex');
}

/**
 * Returns the id of a document as a UUID of version 8 (RFC 9562, 5.8) made from a sha256: the same for
 * the same format, image, version of mkbase and inventory.
 */
export function documentId(
  format: 'spdx' | 'cyclonedx',
  { manifest, generator }: Subject,
  inventory: Inventory,
): string {
  const words = [format, manifest, generator, inventoryDigest(inventory)];
  const bytes = createHash('sha256').update(JSON.stringify(words)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
