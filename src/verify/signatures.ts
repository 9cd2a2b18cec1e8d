import { join } from 'node:path';
import { signedFiles } from '../sign/signed-files.ts';
import type { VerificationKey } from '../sign/verification-key.ts';
import { verifySignatures } from '../sign/verify-signatures.ts';
import { type Check, counted } from './check.ts';
import { exists } from './evidence-files.ts';

const what = 'the signatures';

/** The signatures over the evidence: with a key all of them must be there and hold. */
export async function checkSignatures(
  folder: string,
  key: VerificationKey | undefined,
): Promise<Check[]> {
  if (key !== undefined) {
    const mismatches = await verifySignatures(folder, key);
    return [
      { what, extent: `${counted(signedFiles.length, 'file')}, key ${key.hint}`, mismatches },
    ];
  }
  const found = await Promise.all(signedFiles.map(({ bundle }) => exists(join(folder, bundle))));
  const skipped = '--key names no public key to check them with';
  return found.some(Boolean) ? [{ what, mismatches: [], skipped }] : [];
}
