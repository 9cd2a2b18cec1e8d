import type { ByteString } from '../base/byte-string.ts';
import type { Inventory } from '../evidence/inventory/inventory.ts';
import type { Lock } from '../lock/schema.ts';
import type { Entry } from '../tar/entry.ts';

/** The image that is checked against a policy. */
export interface PolicySubject {
  readonly lock: Lock;
  /** Entries of the finished rootfs; their contents can still be read. */
  readonly entries: readonly Entry[];
  readonly inventory: Pick<Inventory, 'components' | 'unattributed'>;
  /** Paths (without leading slash) whose mode the recipe itself states. */
  readonly declared: ReadonlySet<ByteString>;
  /** Length of the layer's tar in bytes. */
  readonly size: number;
  /** Time from which the age of indexes counts. */
  readonly now: Date;
}
