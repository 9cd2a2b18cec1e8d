import * as z from 'zod';
import { lastSecond } from '../base/last-second.ts';
import { showUrl } from '../store/show-url.ts';

/** Field types of locks. A lock may come with a clone: each field that becomes a path, a URL or a number is held to its form before anything is done with it. */

export const text = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,1000}$/u, 'expected a line of text');

/** Seconds since 1970. */
export const seconds = z.int().min(0).max(lastSecond);

/** A size in bytes. */
export const bytes = z.int().min(0);

/** A file's name, which can neither be taken for an option nor lead anywhere. */
export const fileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]*$/, 'expected the name of a file');

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, href } = new URL(value);
  return ['http:', 'https:', 'file:'].includes(protocol) && showUrl(value) === href;
}

/** A lock never holds credentials, nor a query, which may be one. */
export const url = z
  .string()
  .refine(isPlainUrl, 'expected an http, https or file URL without user, password, "?" and "#"');

/** A path below a mirror's root. */
export const belowMirror = text.refine(
  (value) => value.split('/').every((part) => !['', '.', '..'].includes(part)),
  'expected a path below a mirror',
);

/** Fingerprint of an OpenPGP key. */
export const fingerprint = z
  .string()
  .regex(/^[0-9A-F]{16,64}$/, 'expected a fingerprint in upper-case hexadecimal digits');
