import { existsSync } from 'node:fs';
import type { Store } from '../store/store.ts';

/** A store that is only looked into, and the digests of blobs that it was asked for and did not have. */
export interface InputsAtHand {
  readonly store: Store;
  readonly missing: Set<string>;
}

/** Returns a store in which a blob that is not there is noted before its reader fails. */
export function inputsAtHand(store: Store): InputsAtHand {
  const missing = new Set<string>();
  async function* read(sha256: string): AsyncGenerator<Uint8Array> {
    if (!existsSync(store.pathOf(sha256))) missing.add(sha256);
    try {
      yield* store.read(sha256);
    } catch (error) {
      // A blob that was damaged on disk is as good as none, and is gone now.
      missing.add(sha256);
      throw error;
    }
  }
  return { store: { ...store, read }, missing };
}
