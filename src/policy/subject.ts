import { type ByteString, toByteString } from '../base/byte-string.ts';
import type { Inventory } from '../evidence/inventory/inventory.ts';
import type { TrustChain } from '../evidence/provenance/trust-chain.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { Lock } from '../lock/schema.ts';
import { sourceOf } from '../recipe/kind.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Entry } from '../tar/entry.ts';

/** The image that is checked against a policy. */
export interface PolicySubject {
  readonly lock: Lock;
  /** The reasons why the lock's inputs are believed, as far as they were seen in this run. */
  readonly trust: TrustChain;
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

/** Returns the paths (without leading slash) to which a recipe gives a mode: those of `files:` and its programs. */
export function declaredPaths({
  name,
  from,
  files,
}: Pick<Recipe, 'name' | 'from' | 'files'>): Set<ByteString> {
  const withMode = files.flatMap((file) => ('mode' in file ? [file.path] : []));
  const programs = kindOf(from).programs?.(sourceOf(from), name).keys() ?? [];
  return new Set([...withMode, ...programs].map((path) => toByteString(path.slice(1))));
}
