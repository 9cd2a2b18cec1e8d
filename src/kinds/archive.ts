import { MkbaseError } from '../base/errors.ts';
import type { SignedIndex } from '../packages/contract.ts';
import { httpUrl, recipePath } from '../recipe/schema/fields.ts';
import {
  type ArchiveForm,
  archiveForm,
  archiveStem,
  endingPattern,
  endingsOf,
  isUnreadArchive,
} from '../tar/compression-names.ts';

const plainCharacters = '[A-Za-z0-9][A-Za-z0-9._+~-]*';
const plainName = new RegExp(`^${plainCharacters}$`);

/** Tells whether a build can use an archive's file name: nothing in it means anything to a shell or to tar. */
export const isArchiveName = (name: string): boolean => plainName.test(name);

/** Returns the path of an archive beside the recipe, of one of these forms by its name. */
export const archivePath = (forms: readonly ArchiveForm[]) =>
  recipePath
    .regex(
      new RegExp(`^(?:.*/)?${plainCharacters}(?:${endingPattern(forms)})$`),
      `expected an archive that ends in ${endingsOf(forms)}; unpack any other, and make one of these of it`,
    )
    .describe(`An archive beside the recipe: ${endingsOf(forms)}.`);

/** Returns the URL of an archive. One whose name states a form besides these is refused before it is fetched. */
export const archiveUrl = (forms: readonly ArchiveForm[]) =>
  httpUrl
    .refine(
      (url) => {
        if (!URL.canParse(url)) return true;
        const { pathname } = new URL(url);
        const form = archiveForm(pathname);
        return form === undefined ? !isUnreadArchive(pathname) : forms.includes(form);
      },
      `expected an archive that ends in ${endingsOf(forms)}`,
    )
    .describe(`Where the archive is: ${endingsOf(forms)}.`);

/** A digest that somebody expects. */
interface Expected {
  readonly algorithm: 'sha256' | 'sha512';
  /** Undefined: none in particular. */
  readonly expected: string | undefined;
  /** The author of the expectation, for messages, for instance `the recipe`. */
  readonly by: string;
}

/** Throws SOURCE_CORRUPT when a digest is not the expected one; `what` is the archive's URL or path. */
export function expectDigest(what: string, found: string, { algorithm, expected, by }: Expected) {
  if (expected === undefined || expected === found) return;
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: [
      `${what}: not what ${by} expects.`,
      `  expected ${algorithm} ${expected}`,
      `  received ${algorithm} ${found}`,
    ].join('\n'),
    hint: 'The archive was replaced, or the digest belongs to another one: compare both with what the publisher announces.',
  });
}

/**
 * Returns name and version of an archive by its file name: `lua5.4_5.4.7.orig.tar.xz`,
 * `zlib-1.3.1.tar.gz`.
 */
export function nameAndVersion(file: string): { name: string; version?: string } {
  const stem = (archiveStem(file) ?? file).replace(/\.orig$/, '');
  const [, name, version] = /^(.+?)[-_]v?(\d[A-Za-z0-9.+~_-]*)$/.exec(stem) ?? [];
  return name !== undefined && version !== undefined ? { name, version } : { name: stem };
}

/** A detached signature in a lock: its URL, its digest and the keys that made it. */
export interface LockedSignature {
  /** Without credentials. */
  readonly url: string;
  /** sha256 of the signature's bytes. */
  readonly sha256: string;
  readonly signedBy: readonly string[];
}

/** Describes the detached signature over a locked file. */
export const detachedSignature = (
  name: string,
  { url, sha256, signedBy }: LockedSignature,
): SignedIndex => ({
  role: 'signature',
  name: `signature of ${name}`,
  file: `${name}.asc`,
  signs: name,
  ...{ url, sha256, signedBy },
});
