import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evidenceNames } from '../evidence/file-names.ts';
import { lockSignature, type TrustDocument } from '../evidence/provenance/trust-chain.ts';
import type { LockProof } from '../lock/prove.ts';
import type { Lock } from '../lock/schema.ts';
import type { VerificationKey } from '../sign/keys/verification-key.ts';
import { verifyLock } from '../sign/sign-lock.ts';
import type { Check } from './report.ts';

/** A lock in a folder of evidence, and what was seen of its inputs. */
interface Seen {
  readonly folder: string;
  readonly lock: Lock;
  readonly proof: LockProof;
}

const what = `the signature over ${evidenceNames.lock}`;
const file = `${evidenceNames.trust}/${lockSignature}`;

/** Checks the signature over a lock that evidence says stood in for others, by the key that is given. */
export async function followLockKey(
  { folder, lock, proof }: Seen,
  { lockKey: claimed }: TrustDocument,
  key: VerificationKey | undefined,
): Promise<{ readonly proof: LockProof; readonly checks: readonly Check[] }> {
  if (claimed === undefined) return { proof, checks: [] };
  const skip = (skipped: string) => ({ proof, checks: [{ what, mismatches: [], skipped }] });
  if (key === undefined) {
    return skip(
      `the key ${claimed.key} vouched for it; --lock-key names no key to check that with`,
    );
  }
  const text = await readFile(join(folder, file), 'utf8').catch(() => '');
  const outcome = verifyLock(text, file, { lock, proof }, key);
  if (!('inputs' in outcome)) return { proof, checks: [{ what, mismatches: outcome }] };
  return { proof: outcome, checks: [{ what, extent: `key ${key.hint}`, mismatches: [] }] };
}
