import { MkbaseError } from '../../base/errors.ts';
import type { LockProof } from '../../lock/prove.ts';
import type { Lock } from '../../lock/schema.ts';
import { loadVerificationKey } from '../../sign/keys/verification-key.ts';
import { lockBundle, readLockBundle, verifyLock } from '../../sign/sign-lock.ts';

const untrusted = (message: string) =>
  new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message,
    hint: 'Have whoever keeps the lock sign it as it is: `mkbase sign LOCK --key FILE`.',
  });

/**
 * Lets the signature beside a lock, by a key that the user named, stand in for what was not seen. Errors:
 * SOURCE_UNTRUSTED where there is none or it does not hold, USAGE and IO for the key.
 */
export async function vouchedProof(
  file: string,
  lock: Lock,
  proof: LockProof,
  keyFile: string,
): Promise<LockProof> {
  const key = await loadVerificationKey(keyFile);
  const text = await readLockBundle(file);
  if (text === undefined) {
    throw untrusted(`--lock-key, but there is no signature over ${file}: ${lockBundle(file)}.`);
  }
  const outcome = verifyLock(text, lockBundle(file), { lock, proof }, key);
  if ('inputs' in outcome) return outcome;
  const { field = '', claimed, computed } = outcome[0] ?? { claimed: '', computed: '' };
  throw untrusted(
    `The signature over ${file} does not hold: ${field} is ${claimed}, where ${computed} is expected.`,
  );
}
