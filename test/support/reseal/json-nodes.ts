/** A JSON value whose objects keep the order of their keys, and may have one twice. */
export type Node =
  | { readonly items: readonly Node[] }
  | { readonly entries: readonly (readonly [key: string, value: Node])[] }
  | { readonly leaf: unknown };

/** A step into a value: a key of an object, or an index of an array. */
export type Path = readonly (string | number)[];

/** Returns a parsed JSON value as a node. */
export function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return { items: value.map(nodeOf) };
  if (typeof value !== 'object' || value === null) return { leaf: value };
  return { entries: Object.entries(value).map(([key, each]) => [key, nodeOf(each)] as const) };
}

/** Prints a node as `canonicalJson` would, but with its own order and repetitions of keys. */
export function printed(node: Node, indent = ''): string {
  if ('leaf' in node) return JSON.stringify(node.leaf);
  const inner = `${indent}  `;
  const isList = 'items' in node;
  const parts = isList
    ? node.items.map((each) => printed(each, inner))
    : node.entries.map(([key, each]) => `${JSON.stringify(key)}: ${printed(each, inner)}`);
  const [open, close] = isList ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

/** Returns a node in which `change` has taken the place of what stands at a path. */
export function changedAt(node: Node, path: Path, change: (node: Node) => Node): Node {
  const [step, ...rest] = path;
  if (step === undefined) return change(node);
  if ('items' in node) {
    const items = node.items.map((each, at) =>
      at === step ? changedAt(each, rest, change) : each,
    );
    return { items };
  }
  if (!('entries' in node)) return node;
  const entries = node.entries.map(
    ([key, each]) => [key, key === step ? changedAt(each, rest, change) : each] as const,
  );
  return { entries };
}

/** Returns a node in which every string is another one. */
export function withTexts(node: Node, change: (text: string) => string): Node {
  if ('items' in node) return { items: node.items.map((each) => withTexts(each, change)) };
  if ('leaf' in node) return typeof node.leaf === 'string' ? { leaf: change(node.leaf) } : node;
  return { entries: node.entries.map(([key, each]) => [key, withTexts(each, change)] as const) };
}

/** A place in a JSON value. */
export interface Place {
  readonly path: Path;
  readonly value: unknown;
}

/** Lists every place of a value, its whole left out. */
export function placesIn(value: unknown, path: Path = []): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, each]) => {
    const here = [...path, isList ? Number(key) : key];
    return [{ path: here, value: each }, ...placesIn(each, here)];
  });
}

/** Returns a path in the words of a report, for instance `subject[0].digest.sha256`. */
export const fieldOf = (path: Path): string =>
  path.reduce<string>((field, step) => {
    if (typeof step === 'number') return `${field}[${step}]`;
    return field === '' ? step : `${field}.${step}`;
  }, '');

/** Returns a path without its indexes: places of one shape mean the same of different things. */
export const shapeOf = (path: Path): string =>
  fieldOf(path.map((step) => (typeof step === 'number' ? 0 : step)));
