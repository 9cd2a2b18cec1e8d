import * as z from 'zod';
import { aptSources } from '../../recipe/schema/apt-sources.ts';
import {
  componentName,
  endedSuite,
  mirror,
  packageName,
  reason,
  recipePath,
  text,
  wholeSuite,
} from '../../recipe/schema/fields.ts';

/**
 * A line of debconf-set-selections(1). A password is refused: whoever has the image, the recipe or the
 * evidence could read it.
 */
const selection = text
  .regex(
    /^(?!\S+\s+\S+\s+password\b)/,
    'expected no password: it would be in the image and in the evidence for all to read',
  )
  .regex(
    /^[a-z0-9][a-z0-9+.-]*\s+[A-Za-z0-9][A-Za-z0-9+._/-]*\s+(?:string|boolean|select|multiselect|note|text|title|error|password)(?:\s.*)?$/,
    'expected "package question type value", for instance "tzdata tzdata/Areas select Europe"',
  );

/** `from: { debootstrap: … }`: Debian, Ubuntu and their relatives, as debootstrap makes it. */
export const debootstrap = z
  .strictObject({
    distro: z
      .enum(['debian', 'ubuntu'])
      .default('debian')
      .describe('Distribution: whose keys, mirrors and habits.'),
    suite: wholeSuite.describe('Suite, for instance trixie or noble.'),
    variant: z
      .enum(['minbase', 'buildd', 'standard'])
      .default('minbase')
      .describe('Base set: minbase (essential and apt), buildd (and build-essential), standard.'),
    components: z.array(componentName).min(1).default(['main']).describe('Archive components.'),
    updates: z.boolean().default(true).describe('Also take packages from <suite>-updates.'),
    security: z.boolean().default(true).describe('Also take packages from <suite>-security.'),
    mirror: mirror
      .optional()
      .describe('Mirror to take it from; --mirror and the environment come first.'),
    sources: aptSources,
    exclude: z
      .record(packageName, reason)
      .default({})
      .describe('Packages of the base set that are left out, each with the reason.'),
    debconf: z
      .array(selection)
      .default([])
      .describe(
        'Answers for packages that ask when they are configured: "package question type value".',
      ),
    ended: endedSuite,
    keyrings: z
      .array(recipePath)
      .default([])
      .describe(
        "Files with public keys beside the recipe, believed besides the distribution's own.",
      ),
  })
  .describe('A Debian or Ubuntu root filesystem made by debootstrap.');

export type DebootstrapSource = z.output<typeof debootstrap>;
