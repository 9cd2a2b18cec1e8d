import * as z from 'zod';
import {
  besideOtherMistakes,
  componentName,
  mirror,
  recipeName,
  recipePath,
  suiteName,
} from './fields.ts';

/** A suite that is no flat repository, whose index stands without a suite (sources.list(5)). */
const sourceSuite = z
  .string()
  .regex(
    /^(?!.*\/$|\.)/,
    'expected a suite; a flat repository (a path that ends in "/") cannot be a source',
  )
  .pipe(suiteName);

/** Names of distributions by which scanners know packages: a third party's must not pass for theirs. */
const distributionNames = ['debian', 'ubuntu'];

const fingerprint = z
  .string()
  .regex(/^[0-9A-F]{40}$/, 'expected a fingerprint as 40 upper-case hexadecimal digits');

const aptSource = z
  .strictObject({
    name: recipeName.optional().describe("A short name of your own, for a third party's source."),
    url: mirror
      .optional()
      .describe("Root of a third party's archive; the distribution's own when left out."),
    suite: sourceSuite.describe('Suite, for instance trixie-backports.'),
    components: z.array(componentName).min(1).default(['main']).describe('Archive components.'),
    keys: z
      .array(recipePath)
      .default([])
      .describe("Files with a third party's public keys beside the recipe (apt's Signed-By)."),
    fingerprints: z
      .array(fingerprint)
      .default([])
      .describe('Those of the keys that are believed, by their primary key; all when left out.'),
    pin: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        "apt's Pin-Priority: 500 is usual, below it the others come first; backports have 100, experimental 1.",
      ),
  })
  .superRefine(({ name, url, keys, fingerprints }, context) => {
    const issue = (message: string, ...path: string[]) =>
      context.addIssue({ code: 'custom', message, path });
    if (url === undefined) {
      const own = 'belongs to a source with a "url"; the distribution has its own';
      if (name !== undefined) issue(`"name" ${own}`, 'name');
      if (keys.length > 0) issue(`"keys" ${own}`, 'keys');
      if (fingerprints.length > 0) issue(`"fingerprints" ${own}`, 'fingerprints');
      return;
    }
    if (name === undefined) issue('expected "name": a short one of your own');
    if (distributionNames.some((each) => each === name)) {
      issue(`${name} is a distribution, whose packages these are not; choose another name`, 'name');
    }
    if (keys.length === 0) issue('expected "keys": the files with the keys that sign this source');
  }, besideOtherMistakes);

/** Further sources of packages of a distribution that apt knows. */
export const aptSources = z
  .array(aptSource)
  .superRefine((sources, context) => {
    const seen = new Set<string>();
    for (const [at, { name, suite }] of sources.entries()) {
      const id = `${name ?? ''}:${suite}`;
      if (seen.has(id)) {
        const message = `${name ?? suite} is among the sources already`;
        context.addIssue({
          code: 'custom',
          message,
          path: [at, name === undefined ? 'suite' : 'name'],
        });
      }
      seen.add(id);
    }
  })
  .default([])
  .describe('Further sources: backports, experimental, or a third party with its key.');
