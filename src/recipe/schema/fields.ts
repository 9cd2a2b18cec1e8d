import type { core } from 'zod';
import * as z from 'zod';

/** Field types that more than one kind of recipe uses. Each message names what is expected. */

/**
 * No control characters and none that turn the reading direction: nothing that could end a line in a
 * log, a label or a header, or show as something that it is not.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const printable = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]*$/;

export const text = z
  .string()
  .max(4096)
  .regex(printable, 'expected one line of text without control characters');

/** A word of an argv. May hold any text but NUL: it never reaches a shell unquoted. */
export const argument = z
  .string()
  .max(65_536)
  .refine((value) => !value.includes('\0'), 'expected no NUL character');

export const argv = z.array(argument);

export const recipeName = z
  .string()
  .max(64)
  .regex(
    /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
    'expected a name of lower-case letters and digits, joined by single ".", "_" or "-"',
  );

/** The name of a Debian package (Debian Policy 5.6.1). */
export const packageName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9+.-]+$/, 'expected a Debian package name, for instance libc6-dev');

/** A Debian package, or one that is to come from a suite: `name/suite`, as apt takes it. */
export const debPackage = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9+.-]+(?:\/[a-z0-9][a-z0-9.-]*)?$/,
    'expected a Debian package name, for instance libc6-dev or git/trixie-backports',
  );

/** The name of a suite. It becomes part of a URL's path, so each separator stands alone. */
export const suiteName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:[./-][a-z0-9]+)*$/, 'expected a suite name, for instance trixie');

/** A suite that a root filesystem can be made from. */
export const wholeSuite = suiteName.regex(
  /^(?!.*-backports(?:-sloppy)?$)/,
  'expected a whole suite; backports are added to theirs: "suite: trixie" with "sources: [{ suite: trixie-backports }]"',
);

export const componentName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/, 'expected a component name, for instance main');

/** The consent to a suite that nobody supports any more. */
export const endedSuite = z
  .literal('accept')
  .optional()
  .describe(
    'Takes a suite that has ended from where only the past is kept, and one whose index has expired.',
  );

/** An absolute path inside the image. */
export const imagePath = text.regex(
  /^\/(?:(?!\.\.?(?:\/|$))[^/]+(?:\/(?!\.\.?(?:\/|$))[^/]+)*)?$/,
  'expected an absolute path inside the image, without "." or ".." and without a trailing slash',
);

/**
 * A path beside the recipe; it never leaves the recipe's folder, and no compiler takes it for an
 * option ("-") or for a file that holds options ("@").
 */
export const recipePath = text
  .regex(/^(?![-@/])/, 'expected a path beside the recipe; it cannot start with "/", "-" or "@"')
  .regex(
    /^(?!\.\.?(?:\/|$))[^/]+(?:\/(?!\.\.?(?:\/|$))[^/]+)*$/,
    'expected a path inside the recipe folder, without "." or ".."',
  );

/** A folder beside the recipe; `.` is the recipe's own. A slash may end it. */
export const recipeFolder = text.regex(
  /^(?:\.\/?|(?![-@/])(?!\.\.?(?:\/|$))[^/]+(?:\/(?!\.\.?(?:\/|$))[^/]+)*\/?)$/,
  'expected a folder beside the recipe, or "." for the recipe\'s own; it never leaves that one',
);

/** Patterns of gitignore(5). A file of them may hold comments and empty lines; this list has no use for them. */
export const ignorePatterns = z
  .array(
    text
      .regex(
        /^(?!#)/,
        'expected a pattern, found a comment; a name that begins with "#" is written "\\\\#…"',
      )
      .regex(/^!?(?:[^\\]|\\.)*$/, 'expected a character after the "\\\\" that ends the pattern')
      .regex(/[^\s!/]/, 'expected a pattern that names something'),
  )
  .default([])
  .describe(
    'What is left out, each a pattern as in .gitignore; .git, mkbase-out/ and the locks of recipes always are.',
  );

/** A relative path of the build's output folder. */
export const buildPath = recipePath;

/**
 * A mirror. Its path is absolute: a relative one would start from the folder that mkbase is called in.
 */
export const mirror = text
  .regex(
    /^(?:(?:https?|file):\/\/[^\s]+|\/.*)$/,
    'expected an http, https or file URL, or an absolute path',
  )
  .refine((value) => value.startsWith('/') || URL.canParse(value), 'expected a complete URL')
  .refine(
    (value) => value.startsWith('/') || !/[?#]/.test(value),
    'expected the root of an archive, without "?" and "#"',
  );

/** A package in the form that apk takes: a name, `name=version`, or `cmd:name` for the package of a command. */
export const rootfsPackage = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9][A-Za-z0-9+._-]+(?:=[A-Za-z0-9][A-Za-z0-9.+~:_-]*)?|cmd:[A-Za-z0-9][A-Za-z0-9+._-]*)$/,
    'expected a package, for instance ca-certificates or ca-certificates=20241010',
  );

/** A package in the form that apt takes: also `name/suite`, and `name:architecture` before either. */
export const aptPackage = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9+._-]+(?::[a-z0-9-]+)?(?:=[A-Za-z0-9][A-Za-z0-9.+~:_-]*|\/[a-z0-9][a-z0-9.-]*)?$/,
    'expected a package, for instance ca-certificates, ca-certificates=20241010, git/trixie-backports or libc6:i386',
  );

/** A package in the form of any package manager; the kind of a recipe says which ones it takes. */
export const addedPackage = z
  .string()
  .regex(
    /^(?:cmd:[A-Za-z0-9][A-Za-z0-9+._-]*|[A-Za-z0-9][A-Za-z0-9+._-]+(?::[a-z0-9-]+)?(?:=[A-Za-z0-9][A-Za-z0-9.+~:_-]*|\/[a-z0-9][a-z0-9.-]*)?)$/,
    'expected a package, for instance ca-certificates, ca-certificates=20241010, git/trixie-backports or libc6:i386',
  );

export const mode = z
  .string()
  .regex(/^[0-7]{4}$/, 'expected a mode as four octal digits in quotes, for instance "0644"')
  .describe('Mode, as four octal digits in quotes.');

/** Ids up to 2^31-1, which every file system and container engine can store. */
export const id = z.int().min(0).max(2_147_483_647);

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected a sha256 as 64 lower-case hexadecimal digits');

export const sha512 = z
  .string()
  .regex(/^[0-9a-f]{128}$/, 'expected a sha512 as 128 lower-case hexadecimal digits');

export const httpUrl = text
  .regex(/^(?:https?|file):\/\/[^\s]+$/, 'expected an http, https or file URL')
  .refine((value) => URL.canParse(value), 'expected a complete URL');

export const signature = z
  .strictObject({
    url: httpUrl.describe('The detached OpenPGP signature of the archive.'),
    key: recipePath.describe('The public key that must have made it, beside the recipe.'),
  })
  .describe('A detached signature that must hold besides the digest.');

/** The reason why something is left out or changed; shown to people and kept with the data. */
export const reason = text.min(1, 'expected a reason').describe('Why.');

/** Tells whether a value can be a field of a line in /etc/passwd. */
export const withoutColon = (value: string): boolean => !value.includes(':');

export const environmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable');

/**
 * Lets a check of several fields run beside other mistakes too, so that all are reported at once, but
 * not where a field is unknown: the unknown one may be a misspelling of the missing one.
 */
export const besideOtherMistakes = {
  when: ({ value, issues }: core.ParsePayload): boolean =>
    typeof value === 'object' &&
    value !== null &&
    !issues.some(({ code, path = [] }) => code === 'unrecognized_keys' && path.length === 0),
};
