import { sha256OfBytes } from './hash.ts';

/** A value that JSON can hold; a key whose value is undefined is left out. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

/** Writes JSON in its one form: keys in code-unit order, two spaces, "\n" at the end of every line. */
export function canonicalJson(value: object): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

/** Returns the sha256 of the canonical form: 64 hexadecimal digits. */
export function digestOf(value: object): string {
  return sha256OfBytes(canonicalJson(value));
}
