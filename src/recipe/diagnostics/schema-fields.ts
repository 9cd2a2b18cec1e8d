import type { core } from 'zod';

/** The names of an issue's path, outermost first. */
export type Path = readonly PropertyKey[];

/** Unwraps a schema: removes optional, default, prefault, readonly and transform. */
export function coreSchema(schema: core.$ZodType): core.$ZodTypes {
  const { def } = (schema as core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
    case 'readonly':
      return coreSchema(def.innerType);
    case 'pipe':
      return coreSchema(def.in);
    default:
      return schema as core.$ZodTypes;
  }
}

/** Returns the fields that an object schema knows; none for any other schema. */
export function fieldNames(schema: core.$ZodType | undefined): readonly string[] {
  if (schema === undefined) return [];
  const { def } = coreSchema(schema)._zod;
  return def.type === 'object' ? Object.keys(def.shape) : [];
}

/** Returns the fields that an object schema requires; none for any other schema. */
export function requiredNames(schema: core.$ZodType): readonly string[] {
  const { def } = coreSchema(schema)._zod;
  if (def.type !== 'object') return [];
  return Object.keys(def.shape).filter((name) => def.shape[name]!._zod.optin === undefined);
}
