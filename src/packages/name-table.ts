/**
 * Finds numbers by name without keeping the names: each number is filed under a 32-bit hash of its
 * name. An index of 70,000 packages takes half a megabyte this way and ten times as much as a Map.
 * The caller checks the name of each result.
 */
export interface NameTable {
  /** Returns the numbers filed under a name, in ascending order; some may belong to another name. */
  find(name: string): number[];
}

/** Numbers stay below this, so that one with its hash is an exact double (2^32 × 2^21 = 2^53). */
export const maxNumber = 2 ** 21;

/** Hashes a range of bytes with FNV-1a (draft-eastlake-fnv). */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash >>> 0;
}

/** A table that is being filled. */
export interface NameTableBuilder {
  add(hash: number, number: number): void;
  build(): NameTable;
}

export function nameTableBuilder(): NameTableBuilder {
  const keys: number[] = [];
  return {
    add: (hash, number) => {
      keys.push(hash * maxNumber + number);
    },
    build: () => nameTable(Float64Array.from(keys).sort()),
  };
}

function nameTable(keys: Float64Array): NameTable {
  const find = (name: string) => {
    const bytes = Buffer.from(name);
    const first = hashBytes(bytes, 0, bytes.length) * maxNumber;
    const found: number[] = [];
    for (let at = lowerBound(keys, first); at < keys.length; at += 1) {
      const number = keys[at]! - first;
      if (number >= maxNumber) break;
      if (number !== found.at(-1)) found.push(number);
    }
    return found;
  };
  return { find };
}

/** Returns the index of the first key that is not less than `wanted`. */
function lowerBound(keys: Float64Array, wanted: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
