import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Lets the heap grow by little at a time from now on: a third less memory for a long run, for a time that
 * cannot be measured; one that ends at once would only collect garbage.
 */
export function growLittle(): void {
  setFlagsFromString('--optimize-for-size');
}

/** Bytes of heap below which there is too little garbage to be worth the time. */
const worthwhile = 24 * 1024 * 1024;

/**
 * Collects garbage now, where there may be much. Node lets its heap grow before it looks for any; where a stage that made
 * much of it is followed by others, those would come on top of what the first no longer needs.
 */
export function giveBackMemory(): void {
  if (process.memoryUsage().heapUsed < worthwhile) return;
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
