import * as z from 'zod';
import {
  releaseOf,
  rpmDistributionNames,
  rpmDistributions,
} from '../../packages/rpm/distributions.ts';
import { rpmWord, signings } from '../../packages/rpm/locked-rpms.ts';
import { httpUrl, mirror, reason, recipePath } from '../../recipe/schema/fields.ts';

/** A release of a distribution, which becomes part of URLs' paths. */
export const releaseName = z
  .string()
  .regex(/^\d{1,3}(?:\.\d{1,3})?$/, 'expected the number of a release, for instance "9"');

/** A dated state of a distribution: the name of a folder. */
const stateName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/,
    'expected the name of a dated state, for instance 20250701.0',
  );

/** A package in the form that dnf takes: a name, with its version where a certain one is wanted. */
export const rpmPackage = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._+-]*(?:-[A-Za-z0-9:._+~^-]+)?$/,
    'expected a package, for instance bash or bash-5.1.8-9.el9',
  );

const repository = z
  .strictObject({
    name: rpmWord.describe('Name of the repository.'),
    url: httpUrl.describe('Its root, in which `repodata` is.'),
    keys: z
      .array(recipePath)
      .min(1)
      .describe('Files with public keys beside the recipe: the only ones believed for it.'),
    signed: z
      .enum(signings)
      .default('repomd')
      .describe('What is signed: its list (repomd), or only each package (packages).'),
  })
  .describe('A repository of packages.');

const fields = z.strictObject({
  distro: z
    .enum(rpmDistributionNames)
    .optional()
    .describe(
      'Distribution: whose keys, mirrors and habits; left out where `repositories` are all.',
    ),
  release: releaseName.optional().describe('Release of the distribution, for instance "9".'),
  snapshot: stateName
    .optional()
    .describe("Dated state: a compose of CentOS Stream, or a folder of a mirror of one's own."),
  repositories: z
    .array(repository)
    .default([])
    .describe("Repositories besides the distribution's, or in its place."),
  packages: z.array(rpmPackage).min(1).describe('Packages wanted; dependencies come along.'),
  modules: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z0-9._+-]+:[A-Za-z0-9._+-]+$/, 'expected a stream, for instance nodejs:20'),
    )
    .default([])
    .describe('Streams of modules to take packages from: "name:stream".'),
  exclude: z
    .record(rpmWord, reason)
    .default({})
    .describe('Packages that are never taken, each with the reason.'),
  weak: z.boolean().default(false).describe('Also take packages that others recommend.'),
  docs: z.boolean().default(true).describe('Install documentation.'),
  languages: z
    .array(z.string().regex(/^[A-Za-z0-9_@.-]+$/, 'expected a language, for instance en or de_DE'))
    .default([])
    .describe('Languages whose translations are installed; all when left out.'),
  mirror: mirror
    .optional()
    .describe('Mirror of the distribution; --mirror comes first, without any it is its own.'),
  keys: z
    .array(recipePath)
    .default([])
    .describe("Files with public keys beside the recipe, believed besides the distribution's own."),
});

/** `from: { rpm: … }`: a root filesystem out of packages of rpm, chosen by dnf. */
export const rpm = fields
  .superRefine(({ distro, release, snapshot, repositories, mirror, keys }, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const names = repositories.map(({ name }) => name);
    if (new Set(names).size < names.length) issue('repositories', 'expected each name once');
    if (distro === undefined) {
      if (names.length === 0) issue('distro', 'expected a distribution, or repositories');
      for (const [path, value] of Object.entries({ release, snapshot, mirror, keys: keys[0] })) {
        if (value !== undefined) issue(path, 'expected none without a distribution');
      }
      return;
    }
    const { releases, repositories: own } = rpmDistributions[distro];
    if (own.some(({ name }) => names.includes(name))) {
      issue('repositories', `expected other names than ${own.map(({ name }) => name).join(', ')}`);
    }
    if (release !== undefined && releaseOf(distro, release) !== undefined) return;
    issue('release', `expected one of ${Object.keys(releases).join(', ')}`);
  })
  .describe('A root filesystem out of packages of rpm, chosen by dnf and installed by rpm.');

export type RpmSource = z.output<typeof rpm>;
