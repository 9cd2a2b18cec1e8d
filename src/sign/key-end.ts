import { sha256OfBytes } from '../base/hash.ts';
import { list, record } from '../base/json.ts';
import type { Difference } from '../base/json-differences.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import type { Statement } from '../evidence/provenance/statement.ts';
import { inputSets } from '../lock/inputs.ts';
import { parseLock } from '../lock/lock-file.ts';
import type { VerificationKey } from './keys/verification-key.ts';
import { readEvidence } from './read-evidence.ts';
import { signedFiles } from './signed-files.ts';
import { hintField } from './verify-bundle.ts';

/** A difference, with the file that makes the claim. */
export interface SignatureProblem extends Difference {
  readonly file: string;
}

const { lock: lockFile } = evidenceNames;

/** Returns the sha256 of lock.json that a signed provenance states; undefined where it states none. */
function signedLock({ predicate }: Pick<Statement, 'predicate'>): unknown {
  const { byproducts } = record(record(predicate).runDetails);
  const named = list(byproducts)
    .map(record)
    .find(({ name }) => name === lockFile);
  return record(named?.digest).sha256;
}

/** Returns the newest date that a lock states for an input, in seconds since 1970. */
function newestDate(text: string): number {
  const lock = parseLock(text, lockFile);
  const dates = inputSets(lock).flatMap(({ inputs, indexes }) =>
    [...inputs, ...indexes].flatMap(({ dated }) => (dated ? [dated.date] : [])),
  );
  return Math.max(lock.epoch, ...dates);
}

function problemOf(
  text: string | undefined,
  key: VerificationKey,
  until: Date,
): Difference | undefined {
  const day = until.toISOString().slice(0, 10);
  const computed = `inputs from before ${day}, until when that key is believed`;
  try {
    const date = newestDate(text ?? '');
    if (date * 1000 < until.getTime()) return undefined;
    const found = new Date(date * 1000).toISOString().slice(0, 10);
    return { field: hintField, claimed: `${key.hint}, over inputs of ${found}`, computed };
  } catch (error) {
    return { field: hintField, claimed: (error as Error).message, computed };
  }
}

/**
 * Says whether a key counts for a build of which it has signed `bundle`: not from its end on. A signature
 * has no time that others vouch for, so the newest date of the locked inputs stands for it: nothing can
 * have been built from them before. Whoever holds the key can sign older ones at any time. Errors: IO.
 */
export async function keyEndProblems(
  folder: string,
  key: VerificationKey,
  provenance: Pick<Statement, 'predicate'>,
  bundle: string = signedFiles[0]!.bundle,
): Promise<SignatureProblem[]> {
  if (key.until === undefined) return [];
  const text = await readEvidence(folder, lockFile);
  const found = text === undefined ? 'nothing' : sha256OfBytes(text);
  const signed = signedLock(provenance);
  if (found !== signed) {
    return [{ file: lockFile, field: '', claimed: found, computed: String(signed ?? 'nothing') }];
  }
  const problem = problemOf(text, key, key.until);
  return problem ? [{ file: bundle, ...problem }] : [];
}
