import type { core } from 'zod';
import type { Span } from './excerpt.ts';
import { coreSchema, type Path } from './schema-fields.ts';
import { chooseOption } from './union-option.ts';
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

/** Returns the place at a path below another; undefined when the file has nothing there. */
export const placeAt = (start: Place, path: Path): Place | undefined =>
  path.reduce<Place | undefined>((place, name) => place && child(place, name), start);

/** Tells whether something on the way to a path has been reported already. */
export function isBroken(start: Place, path: Path): boolean {
  let place: Place | undefined = start;
  for (const name of path) {
    if (place?.tree.broken) return true;
    place = place && child(place, name);
  }
  return place?.tree.broken === true;
}

/** Marks a wrong value: the value, or the field's name where it is a block below it. */
export function valueSpan({ tree, field }: Place, text: string): Span {
  const nested = tree.fields !== undefined || tree.items !== undefined;
  const below = field !== undefined && text.slice(field.key.end, tree.span.start).includes('\n');
  return nested && below ? field.key : tree.span;
}

/** Marks that something is missing: the name of the field that it is missing from. */
export function holderSpan({ tree, field }: Place): Span {
  if (field !== undefined) return field.key;
  return { start: tree.span.start, end: tree.span.start + 1 };
}

/** Returns the option of a union that the value was meant to be; any other schema as it is. */
export function settled(
  schema: core.$ZodType | undefined,
  place: Place | undefined,
): core.$ZodType | undefined {
  if (schema === undefined || place === undefined) return schema;
  if (coreSchema(schema)._zod.def.type !== 'union') return schema;
  const choice = chooseOption(schema, place.tree);
  return choice !== undefined && 'option' in choice ? choice.option : undefined;
}

function stepInto(schema: core.$ZodType | undefined, name: PropertyKey): core.$ZodType | undefined {
  if (schema === undefined) return undefined;
  const { def } = coreSchema(schema)._zod;
  if (def.type === 'object') return def.shape[String(name)];
  if (def.type === 'array') return def.element;
  return def.type === 'record' ? def.valueType : undefined;
}

/**
 * Returns the schema at a path below a place that `schema` was applied to. Undefined where the
 * schema knows nothing of it, or where a union on the way is undecided.
 */
export function schemaAt(
  schema: core.$ZodType,
  start: Place,
  path: Path,
): core.$ZodType | undefined {
  return path.reduce<core.$ZodType | undefined>((current, name, index) => {
    const place = placeAt(start, path.slice(0, index));
    return stepInto(settled(current, place), name);
  }, schema);
}
