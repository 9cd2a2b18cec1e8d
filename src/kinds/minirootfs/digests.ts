import { MkbaseError } from '../../base/errors.ts';
import { hashOfStream } from '../../base/hash.ts';
import type { Store } from '../../store/store.ts';

/** The sha512 of a stored blob, hexadecimal. */
export async function sha512Of(store: Store, sha256: string): Promise<string> {
  return hashOfStream('sha512', store.read(sha256));
}

/** A digest that somebody expects. */
export interface Expected {
  readonly algorithm: 'sha256' | 'sha512';
  /** Undefined: none in particular. */
  readonly expected: string | undefined;
  /** Who expects it, for messages, for instance `the recipe`. */
  readonly by: string;
}

/** Throws SOURCE_CORRUPT when a digest is not the expected one; `what` is the archive's URL. */
export function expectDigest(what: string, found: string, { algorithm, expected, by }: Expected) {
  if (expected === undefined || expected === found) return;
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: [
      `${what}: not what ${by} expects.`,
      `  expected ${algorithm} ${expected}`,
      `  received ${algorithm} ${found}`,
    ].join('\n'),
    hint: 'The archive was replaced, or the digest belongs to another one: compare both with what the publisher announces.',
  });
}
