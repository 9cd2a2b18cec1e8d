import { canonicalJson, digestOf } from '../base/canonical-json.ts';
import { MkbaseError } from '../base/errors.ts';
import { readRegular } from '../base/regular-file.ts';
import { type Lock, lockSchema, lockVersion } from './schema.ts';

/** Returns the sha256 of each field's canonical form, which tells a field that was changed later. */
const digestsOf = (lock: Lock): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(lock)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, digestOf({ value })]),
  );

/** Writes a lock as it stands on disk: canonical JSON, with the digests of its fields. */
export const lockText = (lock: Lock): string =>
  canonicalJson({ ...lock, digests: digestsOf(lock) });

function invalid(file: string, why: string, cause?: unknown): MkbaseError {
  return new MkbaseError({
    code: 'LOCK_INVALID',
    message: `${file} is not a lock that this version of mkbase wrote: ${why}.`,
    hint: 'Take it back from version control, or pin anew with `mkbase update`.',
    cause,
  });
}

/** Throws LOCK_INVALID naming the first field that is not as it was written. */
function checkDigests(file: string, lock: Lock, stated: unknown): void {
  const computed = digestsOf(lock);
  const claimed = (stated ?? {}) as Readonly<Record<string, unknown>>;
  for (const name of new Set([...Object.keys(computed), ...Object.keys(claimed)])) {
    if (claimed[name] === computed[name]) continue;
    throw invalid(file, `"${name}" was changed after it was written`);
  }
  if (digestOf(lock.asked) !== lock.request) {
    throw invalid(file, '"request" is not the digest of "asked"');
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field of a lock that does not fit the schema. */
interface LockProblem {
  /** Names joined by dots, for instance `from.debs.packages.3.filename`; empty for the whole. */
  readonly field: string;
  readonly problem: string;
}

/** Returns the problems in a lock's fields; none for a lock of this version. */
export const lockProblems = (fields: unknown): LockProblem[] =>
  (lockSchema.safeParse(fields).error?.issues ?? []).map((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    return { field: [...issue.path, ...unknown].map(String).join('.'), problem: issue.message };
  });

/** Throws LOCK_INVALID for anything but a lock of this version. */
function checkedLock(parsed: unknown, file: string) {
  const { digests, ...fields } = isObject(parsed) ? parsed : {};
  if (typeof fields.lockVersion === 'number' && fields.lockVersion !== lockVersion) {
    throw otherVersion(file, fields.lockVersion);
  }
  const [problem] = lockProblems(fields);
  if (problem === undefined) return { lock: fields as unknown as Lock, digests };
  const field = problem.field === '' ? 'it' : `"${problem.field}"`;
  throw invalid(file, `${field} holds what no lock does: ${problem.problem}`);
}

function otherVersion(file: string, found: number): MkbaseError {
  return new MkbaseError({
    code: 'LOCK_INVALID',
    message: `${file} is a lock of version ${found}; this mkbase reads and writes version ${lockVersion}.`,
    hint: 'Make it anew with `mkbase update`, which pins what is newest now.',
  });
}

/**
 * Parses a lock; `file` is for messages. Key order, white space and line endings do not matter.
 * Throws LOCK_INVALID, naming the field, for one that was edited or is none.
 */
export function parseLock(text: string, file: string): Lock {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw invalid(file, 'it is no JSON', error);
  }
  const { lock, digests } = checkedLock(parsed, file);
  checkDigests(file, lock, digests);
  return lock;
}

/** Far larger than the lock of any image. */
const mostBytes = 64 * 1024 ** 2;

/**
 * Reads a lock that an earlier build wrote; undefined when there is none. A link is followed only if
 * `follow` is set, for a lock that a person named or keeps beside the recipe. Errors: LOCK_INVALID as
 * parseLock; IO when it cannot be read, or is no regular file.
 */
export async function readLock(file: string, follow = true): Promise<Lock | undefined> {
  const bytes = await readRegular(file, { most: mostBytes, follow });
  return bytes === undefined ? undefined : parseLock(bytes.toString('utf8'), file);
}
