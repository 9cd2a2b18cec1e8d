import * as z from 'zod';
import {
  componentName,
  endedSuite,
  mirror,
  recipePath,
  suiteName,
} from '../../recipe/schema/fields.ts';

/** `from: { debootstrap: … }`: Debian, Ubuntu and their relatives, made by debootstrap itself. */
export const debootstrap = z
  .strictObject({
    distro: z
      .enum(['debian', 'ubuntu'])
      .default('debian')
      .describe('Distribution: whose keys, mirrors and habits.'),
    suite: suiteName.describe('Suite, for instance trixie or noble.'),
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
