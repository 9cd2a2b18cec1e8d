import * as z from 'zod';
import { mirror, recipePath, rootfsPackage } from '../../recipe/schema/fields.ts';

/** A branch alone. Becomes part of a URL's path. */
export const branchName = z
  .string()
  .regex(
    /^(?:[0-9]{1,4}\.[0-9]{1,4}|latest-stable)$/,
    'expected a branch, for instance "3.20" or latest-stable',
  );

/** `from: { apk: … }`: a root filesystem that `apk` itself makes out of a signed repository. */
export const apk = z
  .strictObject({
    distro: z.enum(['alpine']).default('alpine').describe('Distribution.'),
    branch: branchName.describe('Branch, for instance "3.20".'),
    repositories: z
      .array(z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a repository, for instance main'))
      .min(1)
      .default(['main'])
      .describe('Repositories of the branch.'),
    packages: z.array(rootfsPackage).min(1).describe('Packages wanted; dependencies come along.'),
    mirror: mirror
      .optional()
      .describe('Mirror to take it from; --mirror and the environment come first.'),
    keys: z
      .array(recipePath)
      .default([])
      .describe("Files with public keys beside the recipe, believed besides Alpine's own."),
  })
  .describe('An Alpine root filesystem made by apk out of packages.');

export type ApkSource = z.output<typeof apk>;
