import { MkbaseError } from '../base/errors.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import type { Statement } from '../evidence/provenance/statement.ts';
import type { VerificationKey } from './keys/verification-key.ts';
import { parseEvidence, readEvidence } from './read-evidence.ts';
import { type SignedFile, signedFiles, statementFor } from './signed-files.ts';
import { type Verdict, verifyBundle } from './verify-bundle.ts';

/** A difference, with the file that makes the claim. */
export interface SignatureProblem extends Difference {
  readonly file: string;
}

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
 * Checks the bundles in a folder of evidence by a public key, that the files beside them are those that
 * they vouch for, and that all are about the same image. Lists every problem. Errors: IO.
 */
export async function verifySignatures(
  folder: string,
  key: VerificationKey,
): Promise<SignatureProblem[]> {
  const problems: SignatureProblem[] = [];
  let provenance: Statement | undefined;
  for (const signed of signedFiles) {
    const verdict = await verdictOn(folder, signed, key);
    if (verdict.ok) {
      provenance ??= verdict.statement;
      const changes = await changesIn(folder, signed, verdict.statement, provenance);
      problems.push(...changes.map((each) => ({ file: signed.file, ...each })));
    } else problems.push(...verdict.problems.map((each) => ({ file: signed.bundle, ...each })));
  }
  return problems;
}
