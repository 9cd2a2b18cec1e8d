import { isRecord } from '../base/json.ts';

/** Checks each member of a record by its name; one that may be left out accepts undefined. */
export type RecordMembers<T> = Readonly<Record<keyof T | 'format', (value: unknown) => boolean>>;

/**
 * Reads a record of the state that is kept under `key`; undefined for text that is none, has a member too many
 * or too few, or is the record of another key.
 */
export function parseRecord<T extends { readonly key: string }>(
  text: string,
  key: string,
  members: RecordMembers<T>,
): T | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value.key !== key) return undefined;
    if (Object.keys(value).some((name) => !Object.hasOwn(members, name))) return undefined;
    const checks = Object.entries<(value: unknown) => boolean>(members);
    if (checks.some(([name, holds]) => !holds(value[name]))) return undefined;
    const { format: _, ...record } = value;
    return record as unknown as T;
  } catch {
    return undefined;
  }
}
