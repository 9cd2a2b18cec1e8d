import * as z from 'zod';
import type { From } from '../recipe/kind.ts';
import type { Kind } from './contract.ts';

/** Returns the schema of one of the kinds with its fields, or with its part of a lock. */
export const anyOf = (kinds: readonly Kind[], part: 'schema' | 'lockSchema'): z.ZodType<From> =>
  z.discriminatedUnion(
    'kind',
    kinds.map((kind) =>
      z.strictObject({ kind: z.literal(kind.name), [kind.name]: kind[part] }),
    ) as unknown as [z.ZodObject<{ kind: z.ZodLiteral<string> }>],
  ) as unknown as z.ZodType<From>;
