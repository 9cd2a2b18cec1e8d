import { isRecord } from '../base/json.ts';

/** Members whose names are data and not fields: labels may differ in their case alone. */
const maps = /^(?:labels|annotations|exposedports|volumes)$/i;

/** Folds case as Go's encoding/json does when it looks for the field of a name: also K (Kelvin) and long s. */
const folded = (name: string): string => name.toUpperCase().toLowerCase();

const countOf = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + countOf(each), 0);
  if (!isRecord(value)) return 0;
  const members = Object.values(value);
  return members.reduce((sum: number, each) => sum + countOf(each), members.length);
};

/** Returns two names of one object that Go takes for one field; undefined where there are none. */
function alike(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(alike).find((each) => each !== undefined);
  if (!isRecord(value)) return undefined;
  const seen = new Map<string, string>();
  for (const [name, member] of Object.entries(value)) {
    const other = seen.get(folded(name));
    if (other !== undefined) return `${other} and ${name}`;
    seen.set(folded(name), name);
    const below = maps.test(name) ? undefined : alike(member);
    if (below !== undefined) return below;
  }
  return undefined;
}

/**
 * Returns what two readers of a JSON text would read in two ways: a name that stands in an object twice, or
 * two that differ in their case alone, which container engines take for one. Undefined where there is none.
 */
export function ambiguousKeys(text: string, value: unknown): string | undefined {
  const strings = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)];
  const names = strings.filter(([, colon]) => colon !== undefined);
  if (names.length !== countOf(value)) return 'a name that stands in an object twice';
  const pair = alike(value);
  return pair && `the names ${pair}, which differ in their case alone`;
}
