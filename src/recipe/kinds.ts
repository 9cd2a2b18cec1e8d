import * as z from 'zod';
import { apk } from '../kinds/apk/schema.ts';
import { debootstrap } from '../kinds/debootstrap/schema.ts';
import { debs } from '../kinds/debs/schema.ts';
import { minirootfs } from '../kinds/minirootfs/schema.ts';
import { staticProgram } from '../kinds/static/schema.ts';
import { besideOtherMistakes } from './cross-field.ts';

/** What a recipe can be `from`. A new kind is one file in `kinds/` and one line here. */
export const kindSchemas = {
  debs,
  static: staticProgram,
  minirootfs,
  debootstrap,
  apk,
} as const;

export type Kind = keyof typeof kindSchemas;

/** The kind's name and its fields, for instance `{ kind: 'debs', debs: { suite, … } }`. */
export type From = {
  [K in Kind]: { kind: K } & Record<K, z.output<(typeof kindSchemas)[K]>>;
}[Kind];

const kindNames = Object.keys(kindSchemas) as Kind[];

/** `from:` holds exactly one kind. */
export const from = z
  .strictObject({
    debs: debs.optional(),
    static: staticProgram.optional(),
    minirootfs: minirootfs.optional(),
    debootstrap: debootstrap.optional(),
    apk: apk.optional(),
  } satisfies Record<Kind, unknown>)
  .superRefine((value, context) => {
    if (Object.values(value).filter((kind) => kind !== undefined).length !== 1) {
      context.addIssue({
        code: 'custom',
        message: `expected exactly one of ${kindNames.join(', ')}`,
      });
    }
  }, besideOtherMistakes)
  .transform((value): From => {
    const kind = kindNames.find((name) => value[name] !== undefined);
    return { kind, ...value } as From;
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .describe('What the root filesystem is made from.');
