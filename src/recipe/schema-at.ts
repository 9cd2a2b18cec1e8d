import type { core } from 'zod';
import { type Place, placeAt } from './mark.ts';
import { coreSchema, type Path } from './schema-path.ts';
import { chooseOption } from './union-option.ts';

/** The option that what stands there was meant to be; any schema but a union as it is. */
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
 * The schema of what stands at a path below a place that `schema` was applied to. Undefined where the
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
