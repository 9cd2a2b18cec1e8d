import type { Span } from './excerpt.ts';
import type { Path } from './schema-path.ts';
import type { Field, Tree } from './yaml-tree.ts';

/** A value, and the field that holds it where one does. */
export interface Place {
  readonly tree: Tree;
  readonly field?: Field;
}

function child({ tree }: Place, name: PropertyKey): Place | undefined {
  const field = tree.fields?.get(String(name));
  if (field !== undefined) return { tree: field.tree, field };
  const item = typeof name === 'number' ? tree.items?.[name] : undefined;
  return item === undefined ? undefined : { tree: item };
}

/** What stands at a path below a place; undefined when nothing does. */
export const placeAt = (start: Place, path: Path): Place | undefined =>
  path.reduce<Place | undefined>((place, name) => place && child(place, name), start);

/** Whether something on the way to a path has been reported already. */
export function isBroken(start: Place, path: Path): boolean {
  let place: Place | undefined = start;
  for (const name of path) {
    if (place?.tree.broken) return true;
    place = place && child(place, name);
  }
  return place?.tree.broken === true;
}

/** Where to mark a wrong value: the value, or the field's name where it is a block below it. */
export function valueSpan({ tree, field }: Place, text: string): Span {
  const nested = tree.fields !== undefined || tree.items !== undefined;
  const below = field !== undefined && text.slice(field.key.end, tree.span.start).includes('\n');
  return nested && below ? field.key : tree.span;
}

/** Where to mark that something is missing: the name of what it is missing from. */
export function holderSpan({ tree, field }: Place): Span {
  if (field !== undefined) return field.key;
  return { start: tree.span.start, end: tree.span.start + 1 };
}
