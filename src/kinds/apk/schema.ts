import * as z from 'zod';
import { apkDistribution } from '../../packages/apk/distribution.ts';
import { mirror, recipePath, rootfsPackage } from '../../recipe/schema/fields.ts';

/** A branch alone. Becomes part of a URL's path. */
export const branchName = z
  .string()
  .regex(
    /^(?:[0-9]{1,4}\.[0-9]{1,4}|latest-stable)$/,
    'expected a branch, for instance "3.20" or latest-stable',
  );

const fields = z
  .strictObject({
    distro: z.enum(['alpine', 'wolfi']).default('alpine').describe('Distribution.'),
    branch: branchName
      .optional()
      .describe('Branch of Alpine, for instance "3.20"; Wolfi has none.'),
    repositories: z
      .array(z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a repository, for instance main'))
      .min(1)
      .optional()
      .describe('Repositories; main of Alpine and os of Wolfi when left out.'),
    packages: z.array(rootfsPackage).min(1).describe('Packages wanted; dependencies come along.'),
    mirror: mirror
      .optional()
      .describe('Mirror to take it from; --mirror and the environment come first.'),
    keys: z
      .array(recipePath)
      .default([])
      .describe("Files with public keys beside the recipe, believed besides Alpine's own."),
  })
  .describe('A root filesystem of Alpine or Wolfi made by apk out of packages.');

/** Explains what a distribution lacks: a branch, or a key. */
function checkDistribution(
  { distro, branch, keys }: z.output<typeof fields>,
  context: z.RefinementCtx,
): void {
  const { branches, keysShip, title, mirror } = apkDistribution(distro);
  const issue = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (branches && branch === undefined) {
    issue('branch', `packages of ${title} come from a branch, for instance "3.23"`);
  }
  if (!branches && branch !== undefined) {
    issue('branch', `${title} has no branches; leave it out`);
  }
  if (keysShip || keys.length > 0) return;
  const [repository = ''] = apkDistribution(distro).repositories;
  const file = `${distro}-signing.rsa.pub`;
  issue(
    'distro',
    `the key of ${title} does not ship with mkbase: put ${mirror}/${repository}/${file} beside the recipe, compare it with a copy from elsewhere, and name it under "keys"`,
  );
}

/** `from: { apk: … }`: a root filesystem that `apk` itself makes out of a signed repository. */
export const apk = fields.superRefine(checkDistribution);

export type ApkSource = z.output<typeof apk>;
