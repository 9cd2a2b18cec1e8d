/** A place in a JSON text that two readers can read in two ways. */
export interface Ambiguity {
  /** For instance `config.Env`; '' is the whole. */
  readonly field: string;
  readonly problem: string;
}

/** No JSON of an image is nested as deeply. */
const deepest = 64;

/**
 * Returns a key as Go's encoding/json matches it to a field: letters in either case are the same, also
 * the two beyond ASCII that fold to a letter of it (U+017F to s, U+212A to k).
 */
export const foldedKey = (key: string): string => key.toUpperCase().toLowerCase();

/** Objects whose keys are data: labels may differ by case only. A manifest's annotations likewise. */
const isMap = (name: string): boolean =>
  ['labels', 'annotations', 'volumes', 'exposedports'].includes(foldedKey(name));

const below = (field: string, key: string): string => (field === '' ? key : `${field}.${key}`);

/** A half of a surrogate pair alone: Go reads U+FFFD in its place. */
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const token = /[{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+/g;

/** An object or array that is being read. */
interface Open {
  readonly field: string;
  readonly keys: Map<string, string> | undefined;
  readonly isMap: boolean;
  key: string;
  count: number;
}

/** Enters a key of an object, or returns the problem with it. */
function enterKey(open: Open, key: string): Ambiguity | undefined {
  const field = below(open.field, key);
  const folded = open.isMap ? key : foldedKey(key);
  const other = open.keys?.get(folded);
  if (other === key) return { field, problem: 'stands there twice' };
  if (other !== undefined) {
    return { field, problem: `differs from ${JSON.stringify(other)} by case only` };
  }
  open.keys?.set(folded, key);
  open.key = key;
  return undefined;
}

/**
 * Returns the first ambiguity in a text that `JSON.parse` accepts: a key that stands twice in an object, or
 * again in another case, of which each reader takes another one (Go's encoding/json takes the last and
 * ignores case); half a surrogate pair; nesting beyond 64 levels.
 */
export function ambiguityIn(text: string): Ambiguity | undefined {
  const opened: Open[] = [];
  let isKey = false;
  for (const [word] of text.matchAll(token)) {
    const open = opened.at(-1);
    const name = open?.keys === undefined ? String(open?.count ?? '') : open.key;
    const field = open === undefined ? '' : below(open.field, name);
    if (word === '{' || word === '[') {
      if (opened.length === deepest) return { field, problem: 'is nested too deeply' };
      const keys = word === '{' ? new Map<string, string>() : undefined;
      opened.push({ field, keys, isMap: isMap(name), key: '', count: 0 });
      isKey = word === '{';
    } else if (word === '}' || word === ']') {
      opened.pop();
      isKey = false;
    } else if (word === ',') {
      if (open !== undefined) open.count += 1;
      isKey = open?.keys !== undefined;
    } else if (word === ':') {
      isKey = false;
    } else if (word.startsWith('"')) {
      const value = JSON.parse(word) as string;
      if (loneSurrogate.test(value)) return { field, problem: 'has half a surrogate pair' };
      const problem = isKey && open ? enterKey(open, value) : undefined;
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}
