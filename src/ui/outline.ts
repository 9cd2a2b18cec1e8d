const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** Short enough to stand on the line of its key. */
const fitsInline = (value: unknown): boolean =>
  isPlain(value) ||
  (Array.isArray(value) ? value.every(isPlain) : Object.keys(value!).length === 0);

const inline = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    : JSON.stringify(value);

/**
 * A value out of JSON as indented `key: value` lines, which are YAML as well: every scalar is
 * written as JSON does, so nothing in it can be taken for something else.
 */
export function outline(value: object, indent = ''): string[] {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .flatMap(([name, item]: [string, unknown]) => {
      const key = /^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name);
      if (fitsInline(item)) return [`${indent}${key}: ${inline(item)}`];
      if (!Array.isArray(item))
        return [`${indent}${key}:`, ...outline(item as object, `${indent}  `)];
      return [`${indent}${key}:`, ...item.map((each) => `${indent}  - ${JSON.stringify(each)}`)];
    });
}
