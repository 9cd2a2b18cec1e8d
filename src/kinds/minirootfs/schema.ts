import * as z from 'zod';
import {
  besideOtherMistakes,
  mirror,
  sha256,
  sha512,
  signature,
} from '../../recipe/schema/fields.ts';
import type { Compression } from '../../tar/decompress.ts';
import { archivePath, archiveUrl } from '../archive.ts';

/** A branch, a release of it, or whichever branch is the newest. Becomes part of a URL's path. */
export const releaseName = z
  .string()
  .regex(
    /^(?:[0-9]{1,4}\.[0-9]{1,4}(?:\.[0-9]{1,4}(?:_rc[0-9]{1,2})?)?|latest-stable)$/,
    'expected a release, for instance "3.20", "3.20.3" or latest-stable',
  );

/** An archive that a distribution publishes, found through its release folder. */
export const publishedMinirootfs = z.strictObject({
  distro: z.enum(['alpine']).describe('Distribution.'),
  release: releaseName.describe('Branch ("3.20"), exact release ("3.20.3") or latest-stable.'),
  mirror: mirror
    .optional()
    .describe('Mirror to take it from; --mirror and the environment come first.'),
  sha512: sha512.optional().describe('What the archive must hash to.'),
});

/** The forms of archives that mkbase unpacks into a root filesystem. */
export const tarForms: readonly Compression[] = ['none', 'gz', 'xz', 'zst'];

/** Any other archive. */
export const minirootfsArchive = z
  .strictObject({
    url: archiveUrl(tarForms),
    sha256: sha256.optional().describe('What its bytes must hash to; this or sha512.'),
    sha512: sha512.optional().describe('What its bytes must hash to; this or sha256.'),
    signature: signature.optional(),
  })
  .superRefine((value, context) => {
    if (value.sha256 !== undefined || value.sha512 !== undefined) return;
    context.addIssue({ code: 'custom', message: 'expected "sha256" or "sha512"' });
  }, besideOtherMistakes)
  .meta({ anyOf: [{ required: ['sha256'] }, { required: ['sha512'] }] });

/** An archive beside the recipe. */
export const minirootfsFile = z.strictObject({
  file: archivePath(tarForms),
  sha256: sha256.optional().describe('What its bytes must hash to, if that is to be held.'),
});

/** `from: { minirootfs: … }`: a root filesystem that somebody publishes as an archive. */
export const minirootfs = z
  .union([publishedMinirootfs, minirootfsArchive, minirootfsFile])
  .describe('A published root filesystem archive.');

export type MinirootfsSource = z.output<typeof minirootfs>;
