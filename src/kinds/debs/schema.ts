import * as z from 'zod';
import { aptSources } from '../../recipe/schema/apt-sources.ts';
import {
  componentName,
  debPackage,
  endedSuite,
  imagePath,
  packageName,
  reason,
  recipePath,
  wholeSuite,
} from '../../recipe/schema/fields.ts';

/** A package of an architecture that is named. */
const foreignPackage = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9+.-]+:[a-z0-9][a-z0-9-]+$/,
    'expected a package and its architecture, for instance musl-dev:arm64',
  );

const diversion = z.strictObject({
  path: imagePath.describe('The file that two packages ship.'),
  to: imagePath.describe("Where the other packages' file goes."),
  by: packageName.describe('The package that keeps the path.'),
});

/** `from: { debs: … }`: a dependency-closed set of Debian packages, unpacked and never configured. */
export const debs = z
  .strictObject({
    suite: wholeSuite.default('trixie').describe('Debian suite.'),
    security: z.boolean().default(true).describe('Also take packages from <suite>-security.'),
    components: z.array(componentName).min(1).default(['main']).describe('Archive components.'),
    packages: z.array(debPackage).min(1).describe('Packages wanted; dependencies come along.'),
    data: z
      .array(foreignPackage)
      .optional()
      .describe(
        'Packages of another architecture, as `name:architecture`, of which only the files are wanted; what they depend on stays out.',
      ),
    exclude: z
      .record(packageName, reason)
      .default({})
      .describe('Dependencies left out, each with the reason.'),
    alternatives: z
      .boolean()
      .optional()
      .describe(
        'Make the links that update-alternatives would make when the packages were configured: awk, cc, automake and the like.',
      ),
    sources: aptSources,
    ended: endedSuite,
    keyrings: z
      .array(recipePath)
      .default([])
      .describe("Files with public keys beside the recipe, believed besides Debian's own."),
    diversions: z
      .array(diversion)
      .default([])
      .describe('What a package would do with dpkg-divert when configured.'),
  })
  .describe('Debian packages, unpacked.');

export type DebsSource = z.output<typeof debs>;
