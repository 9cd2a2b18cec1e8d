import { createHash } from 'node:crypto';
import type { Inventory } from '../inventory/inventory.ts';

/** sha256 of all that an inventory says, 64 hexadecimal digits. */
export function inventoryDigest({ distro, components, files, unattributed }: Inventory): string {
  const hash = createHash('sha256').update(JSON.stringify(distro ?? null));
  for (const each of [...components, ...files, ...unattributed]) hash.update(JSON.stringify(each));
  return hash.digest('hex');
}
