import * as z from 'zod';
import type { Kind } from '../../../src/kinds/contract.ts';
import {
  belowMirror,
  bytes,
  fileName,
  fingerprint,
  seconds,
  url,
} from '../../../src/packages/lock-fields.ts';
import { httpUrl, recipePath, sha256 } from '../../../src/recipe/schema/fields.ts';

/** `from: { pages: … }`: text files of a signed site. */
const schema = z
  .strictObject({
    site: httpUrl.describe('Root of the site.'),
    key: recipePath.describe('The public key that signs its index, beside the recipe.'),
    edition: z
      .string()
      .regex(/^[0-9]{4}$/, 'expected a year')
      .default('2026'),
    pages: z.array(z.string()).default([]).describe('Names of the pages.'),
  })
  .describe('Pages of a signed site.');

export type PagesSource = z.output<typeof schema>;

/** A page, pinned. */
export interface LockedPage {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Pages, and the signed index that lists them. */
export interface LockedPages {
  readonly index: {
    readonly url: string;
    readonly sha256: string;
    readonly date: number;
    readonly signedBy: string;
  };
  readonly pages: readonly LockedPage[];
}

const lockSchema: z.ZodType<LockedPages> = z.strictObject({
  index: z.strictObject({ url, sha256, date: seconds, signedBy: fingerprint }),
  pages: z.array(
    z.strictObject({ name: fileName, version: fileName, path: belowMirror, size: bytes, sha256 }),
  ),
});

export const pages: Kind<PagesSource, LockedPages> = {
  name: 'pages',
  schema,
  paths: { key: 'key' },
  builder: () => undefined,
  packages: { join: (source, more) => ({ ...source, pages: [...source.pages, ...more] }) },
  release: (source) => ({
    form: schema.shape.edition.unwrap(),
    current: source.edition,
    with: (edition) => ({ ...source, edition }),
  }),
  lockSchema,
  inputs: ({ index, pages }) =>
    pages.map(({ name, version, path, sha256 }) => ({
      ...{ role: 'package', name, version, sha256 },
      uri: new URL(path, index.url).href,
      url: new URL(path, index.url).href,
      file: `${name}.txt`,
      trust: { by: 'index', index: index.url, sha256: index.sha256 },
    })),
  indexes: ({ index }) => [
    {
      ...{ role: 'index', name: 'index of pages', file: 'pages.index.json' },
      ...{ url: index.url, sha256: index.sha256, signedBy: [index.signedBy] },
      dated: { part: 'pages', date: index.date },
    },
  ],
  date: ({ index }) => index.date,
  distribution: () => 'pages',
  starter: () => ({
    description: 'Pages of a signed site.',
    files: { 'site.pem': 'the key of the site\n' },
    recipe: 'from:\n  pages: { site: "http://127.0.0.1:9", key: site.pem, pages: [home] }\n',
  }),
  load: () => import('./work.ts').then(({ work }) => work),
};
