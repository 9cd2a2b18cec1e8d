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
  const members: [string, unknown][] = [];
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push([key, sorted(member)]);
  }
  return Object.fromEntries(members);
}

/** Writes JSON in its one form: keys in code-unit order, two spaces, "\n" at the end of every line. */
export function canonicalJson(value: object): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

/** Returns the sha256 of the canonical form: 64 hexadecimal digits. */
export function digestOf(value: object): string {
  return sha256OfBytes(canonicalJson(value));
}
