import { MkbaseError } from '../base/errors.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import type { Statement } from '../evidence/provenance/statement.ts';
import { keyEndProblems, type SignatureProblem } from './key-end.ts';
import type { VerificationKey } from './keys/verification-key.ts';
import { parseEvidence, readEvidence } from './read-evidence.ts';
import { type SignedFile, signedFiles, signedOfIndex, statementFor } from './signed-files.ts';
import { claimedHint, hintField, type Verdict, verifyBundle } from './verify-bundle.ts';

async function verdictOn(
  folder: string,
  { file, bundle }: SignedFile,
  key: VerificationKey,
): Promise<Verdict> {
  const problem = (claimed: string): Verdict => ({
    ok: false,
    problems: [{ field: '', claimed, computed: `a signature of ${file}` }],
  });
  try {
    const text = await readEvidence(folder, bundle);
    return text === undefined ? problem('nothing') : verifyBundle(text, key);
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    return problem(error.message);
  }
}

/**
 * Compares a file with its signed statement. The signature is valid, so in a difference it is the file
 * that was changed.
 */
async function changesIn(
  folder: string,
  signed: SignedFile,
  statement: Statement,
  provenance: Statement,
): Promise<Difference[]> {
  try {
    const text = await readEvidence(folder, signed.file);
    if (text === undefined) {
      return [{ field: '', claimed: 'nothing', computed: `what ${signed.bundle} vouches for` }];
    }
    const contents = parseEvidence(text, signed.file);
    return differences(statementFor(signed, contents, provenance), statement);
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    return [{ field: '', claimed: error.message, computed: `what ${signed.bundle} vouches for` }];
  }
}

/**
 * Checks the bundles of files by a public key, that the files beside them are those that they vouch for, and
 * that all are about the same image. Returns every problem, and the statement of the first file whose
 * signature is valid. Errors: IO.
 */
async function checkBundles(
  folder: string,
  key: VerificationKey,
  files: readonly SignedFile[],
): Promise<{ problems: SignatureProblem[]; provenance: Statement | undefined }> {
  const problems: SignatureProblem[] = [];
  let provenance: Statement | undefined;
  for (const signed of files) {
    const verdict = await verdictOn(folder, signed, key);
    if (verdict.ok) {
      provenance ??= verdict.statement;
      const changes = await changesIn(folder, signed, verdict.statement, provenance);
      problems.push(...changes.map((each) => ({ file: signed.file, ...each })));
    } else problems.push(...verdict.problems.map((each) => ({ file: signed.bundle, ...each })));
  }
  return { problems, provenance };
}

/**
 * Checks the bundles in a folder of evidence by a public key, as told above, and that the key still counts
 * for what is signed. Lists every problem. Errors: IO.
 */
export async function verifySignatures(
  folder: string,
  key: VerificationKey,
): Promise<SignatureProblem[]> {
  const { problems, provenance } = await checkBundles(folder, key, signedFiles);
  if (provenance !== undefined) problems.push(...(await keyEndProblems(folder, key, provenance)));
  return problems;
}

/** The key by which the bundles in a folder are checked, and what is wrong with them. */
export interface SignedBy {
  readonly key: VerificationKey;
  readonly problems: readonly SignatureProblem[];
}

type Keys = readonly [VerificationKey, ...VerificationKey[]];

/** Checks bundles with the one of several keys that a bundle names. */
async function byNamedKey(
  folder: string,
  bundle: string,
  keys: Keys,
  check: (key: VerificationKey) => Promise<SignatureProblem[]>,
): Promise<SignedBy> {
  // A bundle that cannot be read is reported by verifySignatures.
  const text = await readEvidence(folder, bundle).catch(() => undefined);
  const hint = text === undefined ? undefined : claimedHint(text);
  const named = keys.find((key) => key.hint === hint);
  if (named === undefined && hint !== undefined && keys.length > 1) {
    const computed = `one of the keys ${keys.map((key) => key.hint).join(', ')}`;
    return {
      key: keys[0],
      problems: [{ file: bundle, field: hintField, claimed: hint, computed }],
    };
  }
  const key = named ?? keys[0];
  return { key, problems: await check(key) };
}

/**
 * Checks the bundles in a folder by one of several keys: the one that the bundle of the provenance names
 * has to have made them all. Errors: IO.
 */
export const verifyByOneOf = (folder: string, keys: Keys): Promise<SignedBy> =>
  byNamedKey(folder, signedFiles[0]!.bundle, keys, (key) => verifySignatures(folder, key));

/**
 * Checks the signature over the provenance of an index in the same way. Whether the key still counts is
 * asked of the images that the index lists, each of which has a lock. Errors: IO.
 */
export const verifyIndexByOneOf = (folder: string, keys: Keys): Promise<SignedBy> =>
  byNamedKey(folder, signedOfIndex[0].bundle, keys, async (key) => {
    const { problems } = await checkBundles(folder, key, signedOfIndex);
    return problems;
  });
