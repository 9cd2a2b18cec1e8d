import { MkbaseError } from '../base/errors.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import type { Statement } from '../evidence/provenance/statement.ts';
import type { VerificationKey } from './keys/verification-key.ts';
import { parseEvidence, readEvidence } from './read-evidence.ts';
import { type SignedFile, signedFiles, statementFor } from './signed-files.ts';
import { type Verdict, verifyBundle } from './verify-bundle.ts';

/** A difference, and the file in which the claim stands. */
export interface SignatureProblem extends Difference {
  readonly file: string;
}

async function verdictOn(
  folder: string,
  { file, bundle }: SignedFile,
  key: VerificationKey,
): Promise<Verdict> {
  const text = await readEvidence(folder, bundle);
  if (text !== undefined) return verifyBundle(text, key);
  const missing = { field: '', claimed: 'nothing', computed: `a signature of ${file}` };
  return { ok: false, problems: [missing] };
}

/**
 * Where a file is not what its statement says. The signature holds, so of the two it is the file
 * that was changed.
 */
async function changesIn(
  folder: string,
  signed: SignedFile,
  statement: Statement,
  provenance: Statement,
): Promise<Difference[]> {
  const text = await readEvidence(folder, signed.file);
  if (text === undefined) {
    return [{ field: '', claimed: 'nothing', computed: `what ${signed.bundle} vouches for` }];
  }
  try {
    const contents = parseEvidence(text, signed.file);
    return differences(statementFor(signed, contents, provenance), statement);
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    return [{ field: '', claimed: error.message, computed: `what ${signed.bundle} vouches for` }];
  }
}

/**
 * Checks the bundles in a folder of evidence by a public key, and that what they vouch for is what
 * lies beside them, all about one and the same image. Lists every problem; empty when all hold.
 * Errors: IO.
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
