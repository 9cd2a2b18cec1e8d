/**
 * Every way mkbase refuses. A code is part of the public interface: it decides the exit code, and
 * tests assert it.
 */
export type ErrorCode =
  | 'USAGE'
  | 'RECIPE_NOT_FOUND'
  | 'RECIPE_INVALID'
  | 'LOCK_MISSING'
  | 'LOCK_STALE'
  | 'LOCK_INVALID'
  | 'SOURCE_UNREACHABLE'
  | 'SOURCE_UNTRUSTED'
  | 'SOURCE_CORRUPT'
  | 'PACKAGE_NOT_FOUND'
  | 'PACKAGE_CONFLICT'
  | 'RELEASE_NOT_FOUND'
  | 'ARCHIVE_REFUSED'
  | 'OFFLINE'
  | 'NO_ENGINE'
  | 'ENGINE_FAILED'
  | 'BUILD_FAILED'
  | 'BUILD_OUTPUT'
  | 'ROOTFS_REFUSED'
  | 'IMAGE_MISMATCH'
  | 'REGISTRY_DENIED'
  | 'REGISTRY_FAILED'
  | 'REGISTRY_CORRUPT'
  | 'TEST_FAILED'
  | 'MISMATCH'
  | 'POLICY'
  | 'NO_SPACE'
  | 'IO'
  | 'INTERRUPTED'
  | 'INTERNAL';

/** Exit code of the process for each refusal; documented in docs/cli.md. */
export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  INTERNAL: 1,
  USAGE: 2,
  RECIPE_NOT_FOUND: 3,
  RECIPE_INVALID: 3,
  SOURCE_UNREACHABLE: 4,
  SOURCE_UNTRUSTED: 4,
  SOURCE_CORRUPT: 4,
  PACKAGE_NOT_FOUND: 4,
  PACKAGE_CONFLICT: 4,
  RELEASE_NOT_FOUND: 4,
  ARCHIVE_REFUSED: 4,
  OFFLINE: 4,
  NO_ENGINE: 5,
  ENGINE_FAILED: 5,
  BUILD_FAILED: 6,
  BUILD_OUTPUT: 6,
  ROOTFS_REFUSED: 6,
  IMAGE_MISMATCH: 7,
  TEST_FAILED: 8,
  NO_SPACE: 9,
  IO: 9,
  LOCK_MISSING: 10,
  LOCK_STALE: 10,
  LOCK_INVALID: 10,
  MISMATCH: 11,
  POLICY: 12,
  REGISTRY_DENIED: 13,
  REGISTRY_FAILED: 13,
  REGISTRY_CORRUPT: 13,
  INTERRUPTED: 130,
};

/** A problem that a person can act on: it says what happened to what, and in one line what to do. */
export interface MkbaseErrorDetails {
  readonly code: ErrorCode;
  /** One or more lines; says what, where, and expected against found. */
  readonly message: string;
  /** One line that says what to do. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Words of the recipe that it is about, for instance a package's name: their lines are shown. */
  readonly about?: readonly string[];
}

/** The only error that mkbase throws on purpose; anything else that surfaces is a defect. */
export class MkbaseError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly about: readonly string[];

  constructor({ code, message, hint, cause, about = [] }: MkbaseErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MkbaseError';
    this.code = code;
    this.hint = hint;
    this.about = about;
  }
}

const spaceErrors = new Set(['ENOSPC', 'EDQUOT']);

const elsewhere = 'choose another place with --out or dest= (outputs) or XDG_CACHE_HOME (cache).';

/** The meaning of an errno (errno(3)) for a person, and advice. */
const fileProblems: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  EACCES: ['permission denied', `Give yourself permission there, or ${elsewhere}`],
  EPERM: ['permission denied', `Give yourself permission there, or ${elsewhere}`],
  EROFS: ['the file system is read-only', `Mount it writable, or ${elsewhere}`],
  ENOENT: ['a file or folder on the way is not there', `Make it first, or ${elsewhere}`],
  ENOTDIR: ['a file stands where a folder should be', `Move the file away, or ${elsewhere}`],
  EEXIST: ['something else stands there', `Move it away, or ${elsewhere}`],
  EISDIR: ['a folder stands there', 'Name a file.'],
  ENOTEMPTY: ['the folder there is not empty', `Move it away, or ${elsewhere}`],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter one.'],
  EFBIG: ['the file would be larger than is allowed', 'Raise the limit (ulimit -f).'],
  EMFILE: ['too many files are open', 'Raise the limit (ulimit -n).'],
  EIO: ['the disk failed', 'Look at the kernel log (dmesg) and test the disk.'],
};

/**
 * Turns a failed file operation into a MkbaseError that names the path; a MkbaseError passes
 * through unchanged.
 */
export function ioError(error: unknown, doing: string, path: string): MkbaseError {
  if (error instanceof MkbaseError) return error;
  const errno = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (spaceErrors.has(errno)) {
    return new MkbaseError({
      code: 'NO_SPACE',
      message: `No space left while ${doing} ${path} (${errno}).`,
      hint: 'Free some space, or point XDG_CACHE_HOME or --out at a larger disk; then run the same command again.',
      cause: error,
    });
  }
  const words = error instanceof Error ? error.message : String(error);
  const [problem, hint] = fileProblems[errno] ?? [];
  return new MkbaseError({
    code: 'IO',
    message: `Failed ${doing} ${path}: ${problem === undefined ? words : `${problem} (${errno}).`}`,
    ...(hint !== undefined && { hint }),
    cause: error,
  });
}

/** Returns the error of a build that was asked to stop: the signal's reason, or INTERRUPTED. */
export const interrupted = ({ reason }: AbortSignal): MkbaseError =>
  reason instanceof MkbaseError
    ? reason
    : new MkbaseError({ code: 'INTERRUPTED', message: 'Interrupted.' });
