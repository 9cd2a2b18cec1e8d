import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { sha256OfBytes } from '../base/hash.ts';
import { differences } from '../base/json-differences.ts';
import { type Statement, statementOf } from '../evidence/provenance/statement.ts';
import { inputSets } from '../lock/inputs.ts';
import { lockText } from '../lock/lock-file.ts';
import { doubtsIn, type LockProof, type VouchedBy } from '../lock/prove.ts';
import type { Lock } from '../lock/schema.ts';
import { isProven, ProvenInput, SignedFile } from '../packages/proof.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';
import type { SignatureProblem } from './key-end.ts';
import type { VerificationKey } from './keys/verification-key.ts';
import type { Signer } from './sign-folder.ts';
import { verifyBundle } from './verify-bundle.ts';

/** The type of the statement that a lock's inputs are those that its signer wants (docs/signatures.md). */
export const lockType = 'urn:mkbase:lock:v1';

/** Returns the path of the signature over a lock, beside it. */
export const lockBundle = (file: string): string => `${file.replace(/\.json$/, '')}.sigstore.json`;

/** Returns the statement about a lock: its one form, whatever white space the file has. */
const statementAbout = (lock: Lock): Statement => {
  const digest = { sha256: sha256OfBytes(lockText(lock)) };
  const { recipe, platform } = lock;
  return statementOf([{ name: 'lock.json', digest }], lockType, { recipe, platform });
};

/** Signs a lock and writes the bundle beside it; resolves to its path. Errors: IO, NO_SPACE, those of the signer. */
export async function signLock(file: string, lock: Lock, sign: Signer): Promise<string> {
  const bundle = lockBundle(file);
  const signed = { file: basename(file), bundle: basename(bundle), predicateType: lockType };
  await writeWholeFile(bundle, await sign(statementAbout(lock), signed));
  return bundle;
}

/** Lets the word of a key over the lock stand in for what was not seen. */
function vouched(lock: Lock, proof: LockProof, by: VouchedBy): LockProof {
  const seen = new Set(proof.signed.map(({ sha256 }) => sha256));
  const doubted = new Set(doubtsIn(lock, proof).map(({ name }) => name));
  const sets = inputSets(lock);
  const signed = sets
    .flatMap(({ indexes }) => indexes)
    .filter(({ sha256 }) => !seen.has(sha256))
    .map(({ sha256, signedBy }) => SignedFile.vouched(sha256, signedBy));
  const inputs = sets
    .flatMap((set) => set.inputs)
    .filter(({ name }) => doubted.has(name))
    .map(({ sha256 }) => ProvenInput.seen(sha256, 'lock-key'));
  return {
    signed: [...proof.signed, ...signed],
    inputs: [...proof.inputs.filter(isProven), ...inputs],
    refusals: proof.refusals,
    vouched: by,
  };
}

/**
 * Checks the text of a bundle over a lock by a key that the user named. Returns what the lock proves by
 * that, or everything that is wrong with the bundle; `file` is the bundle's name.
 */
export function verifyLock(
  text: string,
  file: string,
  { lock, proof }: { readonly lock: Lock; readonly proof: LockProof },
  key: VerificationKey,
): LockProof | readonly SignatureProblem[] {
  const verdict = verifyBundle(text, key);
  const problems = verdict.ok
    ? differences(verdict.statement, statementAbout(lock))
    : verdict.problems;
  if (problems.length > 0) return problems.map((each) => ({ file, ...each }));
  return vouched(lock, proof, { key: key.hint, text });
}

/** Reads the bundle beside a lock; undefined where there is none. */
export const readLockBundle = (file: string): Promise<string | undefined> =>
  readFile(lockBundle(file), 'utf8').catch(() => undefined);
