import type { ByteString } from '../base/byte-string.ts';
import type { Inventory } from '../evidence/inventory/inventory.ts';
import type { Lock } from '../lock/schema.ts';
import type { Entry } from '../tar/entry.ts';

/** The image that is held against a policy. */
export interface PolicySubject {
  readonly lock: Lock;
  /** Of the finished rootfs; their contents are still there. */
  readonly entries: readonly Entry[];
  readonly inventory: Pick<Inventory, 'components' | 'unattributed'>;
  /** Paths (without leading slash) whose mode the recipe itself states. */
  readonly declared: ReadonlySet<ByteString>;
  /** Length of the layer's tar in bytes. */
  readonly size: number;
  /** For the age of indexes. */
  readonly now: Date;
}
