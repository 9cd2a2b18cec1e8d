/** A JSON object whose members are not known yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Returns true for a JSON object: neither null nor an array. */
export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the value if it is a JSON object, else an empty one. */
export const record = (value: unknown): JsonRecord => (isRecord(value) ? value : {});

/** Returns the value if it is an array, else an empty one. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Returns the value if it is a string, else ''. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Returns the members of a JSON object that are strings; none of any other value. */
export const texts = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(record(value)).filter(
      (member): member is [string, string] => typeof member[1] === 'string',
    ),
  );

/** Returns true for null, false, '' and an empty array or object. */
export const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);
