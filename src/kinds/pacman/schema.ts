import * as z from 'zod';
import { alpmName, snapshotDay } from '../../packages/alpm/locked-alpm.ts';
import { mirror, recipePath } from '../../recipe/schema/fields.ts';

const fields = z
  .strictObject({
    distro: z.enum(['arch']).default('arch').describe('Distribution.'),
    snapshot: snapshotDay.describe('Day of the archive, for instance "2026-11-01".'),
    repositories: z
      .array(alpmName)
      .min(1)
      .default(['core', 'extra'])
      .describe('Repositories; an earlier one comes first.'),
    packages: z.array(alpmName).min(1).describe('Packages wanted; dependencies come along.'),
    mirror: mirror
      .optional()
      .describe('Root of the archive to take it from; --mirror and the environment come first.'),
    keys: z
      .array(recipePath)
      .default([])
      .describe("Files with public keys beside the recipe, believed in place of Arch's."),
    masters: z
      .array(
        z
          .string()
          .regex(/^[0-9A-F]{40}$/, 'expected a fingerprint as 40 upper-case hexadecimal digits'),
      )
      .default([])
      .describe('Fingerprints of the master keys among them, of which three certify a packager.'),
  })
  .describe('Arch Linux of one day, made by pacman out of signed packages.');

function checkOwnTrust({ keys, masters }: z.output<typeof fields>, context: z.RefinementCtx): void {
  if (keys.length > 0 === masters.length > 0) return;
  const [path, message] =
    keys.length > 0
      ? ['keys', 'keys count only when "masters" says which of them certify packagers']
      : ['masters', 'the keys of the masters, and of packagers, belong into files under "keys"'];
  context.addIssue({ code: 'custom', path: [path], message });
}

/** `from: { pacman: … }`: a root filesystem that pacman makes out of signed packages. */
export const pacman = fields.superRefine(checkOwnTrust);

export type PacmanSource = z.output<typeof pacman>;
